import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { shellLine } from '../../protocol/text/shell-words.ts';
import { movedStore, readSettings } from '../settings.ts';
import type { Site } from '../site.ts';
import type { NodeRuntime } from './node-runtime.ts';

/** A path in a batch file, where percent signs stand for variables. */
function batchPath(file: string): string {
  return `"${file.replaceAll('%', '%%')}"`;
}

/**
 * The two launchers of `recsys`, for sh and for Windows. That of Windows reads its arguments once more, which is why
 * commands for its shells are quoted twice (`protocol/shell-words.ts`).
 */
export function launcherScripts(runtime: NodeRuntime): Record<string, string> {
  return {
    recsys: `#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec ${shellLine([runtime.node, runtime.cli], 'posix') ?? ''} "$@"\n`,
    'recsys.cmd': [
      '@echo off',
      // Otherwise `!` in an argument may stand for a variable.
      'setlocal DisableDelayedExpansion',
      'set ELECTRON_RUN_AS_NODE=1',
      `${batchPath(runtime.node)} ${batchPath(runtime.cli)} %*`,
      '',
    ].join('\r\n'),
  };
}

/**
 * Puts a `recsys` command on the PATH of integrated terminals, so that a copied command works there. Where a setting moved
 * the run store of a folder away from the place that the command looks for by itself, terminals of that folder know it.
 * @param sites of this window; the command is that of the first
 */
export async function putOnTerminalPath(
  context: vscode.ExtensionContext,
  sites: readonly Site[],
): Promise<void> {
  const [first] = sites;
  if (first === undefined) return;
  const folder = path.join(context.globalStorageUri.fsPath, 'bin');
  await fs.mkdir(folder, { recursive: true });
  for (const [name, script] of Object.entries(launcherScripts(first.runtime)))
    await writeIfChanged(path.join(folder, name), script);
  const environment = context.environmentVariableCollection;
  environment.description = vscode.l10n.t('Adds the `recsys` command');
  environment.prepend('PATH', `${folder}${path.delimiter}`);
  for (const workspaceFolder of vscode.workspace.workspaceFolders ?? []) {
    const scoped = environment.getScoped({ workspaceFolder });
    const store = movedStore(workspaceFolder.uri.fsPath, readSettings(workspaceFolder.uri));
    if (store === undefined) scoped.delete('RECSYS_STORE');
    else scoped.replace('RECSYS_STORE', store);
  }
  // Earlier versions set it for all folders.
  environment.delete('RECSYS_STORE');
}

async function writeIfChanged(file: string, text: string): Promise<void> {
  if ((await fs.readFile(file, 'utf8').catch(() => undefined)) === text) return;
  // Another window may be starting the old script: replace it in one step.
  const temporary = `${file}.${process.pid}`;
  await fs.writeFile(temporary, text, { mode: 0o755 });
  await fs.rename(temporary, file);
}
