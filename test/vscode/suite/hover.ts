import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { suite } from './define.ts';
import { eventually, extensionUnderTest } from './extension-under-test.ts';

const ROUNDS = 60;
/** The issue's, for 100 k items with a warm engine; a shared machine is told, not judged. */
const WANTED = 'p50 20, p95 50';
const ITEM = 'Artist 3|||Track 3-1';

function folder(): string {
  return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
}

/** A small run that has vectors, made in this window's store. */
function train(): void {
  const lines = ['playlist,artist,track'];
  for (let list = 0; list < 150; list++)
    for (let at = 0; at < 6; at++)
      lines.push(`List ${list},Artist ${list % 10},Track ${list % 10}-${(list * 3 + at) % 9}`);
  fs.writeFileSync(path.join(folder(), 'hover-data.csv'), `${lines.join('\n')}\n`);
  const cli = path.join(extensionUnderTest().extensionPath, 'dist/cli.mjs');
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const options = ['--models', 'prod2vec', '--name', 'hovered', '--epochs', '2'];
  execFileSync(process.execPath, [cli, 'run', 'hover-data.csv', ...options], {
    cwd: folder(),
    env,
    stdio: 'pipe',
  });
}

async function hoverAt(document: vscode.TextDocument, offset: number): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    document.positionAt(offset),
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (content instanceof vscode.MarkdownString ? content.value : ''))
    .join('\n');
}

const percentile = (times: readonly number[], share: number): string =>
  (times.toSorted((a, b) => a - b)[Math.floor(share * (times.length - 1))] ?? NaN).toFixed(1);

export const hoverSuite = suite('hover', {
  'tells of the item under the pointer, quickly once the engine is warm': async () => {
    await extensionUnderTest().activate();
    train();
    await vscode.commands.executeCommand('recsys.refresh');
    const content = `served item=${ITEM} in 3 ms\nnothing else here means anything\n`;
    const document = await vscode.workspace.openTextDocument({ content, language: 'plaintext' });
    const at = content.indexOf('3-1') + 1;
    const text = await eventually(
      () => hoverAt(document, at),
      (shown) => shown.includes('training rows'),
      25_000,
    );
    assert.ok(text.includes('hovered') && text.includes('recsys.copyItem'), text);
    const times: number[] = [];
    const idle: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      let began = performance.now();
      await hoverAt(document, at);
      times.push(performance.now() - began);
      began = performance.now();
      assert.equal(await hoverAt(document, content.indexOf('means') + 1), '');
      idle.push(performance.now() - began);
    }
    console.log(
      `      on an item p50 ${percentile(times, 0.5)} ms, p95 ${percentile(times, 0.95)} ms (wanted: ${WANTED}); elsewhere p50 ${percentile(idle, 0.5)} ms, the command's own way included`,
    );
  },

  'is off where a setting says so': async () => {
    const settings = vscode.workspace.getConfiguration('recsys.hover');
    const document = await vscode.workspace.openTextDocument({ content: ITEM, language: 'plaintext' });
    await settings.update('enabled', false, vscode.ConfigurationTarget.Workspace);
    try {
      assert.equal(await hoverAt(document, 4), '');
    } finally {
      await settings.update('enabled', undefined, vscode.ConfigurationTarget.Workspace);
    }
  },
});
