import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { suite } from './define.ts';
import { eventually, extensionUnderTest } from './extension-under-test.ts';

const LIMIT_MS = 20;

export const activationSuite = suite('activation', {
  'takes at most 20 ms': async () => {
    const { activationMilliseconds } = await extensionUnderTest().activate();
    console.log(`      activate() took ${activationMilliseconds.toFixed(1)} ms`);
    assert.ok(activationMilliseconds <= LIMIT_MS, `${activationMilliseconds} ms`);
  },

  'leaves the editor’s own watcher and search excludes in place, and adds the run store': async () => {
    await extensionUnderTest().activate();
    const watcher = vscode.workspace
      .getConfiguration('files')
      .get<Record<string, boolean>>('watcherExclude', {});
    const search = vscode.workspace.getConfiguration('search').get<Record<string, boolean>>('exclude', {});
    assert.equal(watcher['**/.recsys/**'], true);
    assert.equal(watcher['**/mine/**'], true, 'what the user excludes stays');
    assert.ok(
      Object.keys(watcher).some((glob) => glob.includes('.git')),
      'what VS Code excludes stays',
    );
    assert.equal(search['**/.recsys'], true);
    assert.equal(search['**/node_modules'], true);
  },

  'puts a recsys command on the PATH of terminals': async () => {
    await extensionUnderTest().activate();
    const answer = path.join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', 'where.txt');
    // The launcher is written after the activation; a terminal opened before would have to be opened again.
    await eventually(
      async () => {
        const terminal = vscode.window.createTerminal('recsys test');
        terminal.sendText(`command -v recsys > '${answer}' && recsys --version >> '${answer}'; exit`, true);
        await new Promise((resolve) => setTimeout(resolve, 2_500));
        terminal.dispose();
        return fs.readFile(answer, 'utf8').catch(() => '');
      },
      (text) => /bin\/recsys\n\d+\.\d+\.\d+/.test(text),
    );
  },
});
