import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { NodeRuntime } from './node-runtime.ts';

/** Quotes a text for sh. */
function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The two launchers of `recsys`, for sh and for Windows. */
export function launcherScripts(runtime: NodeRuntime): Record<string, string> {
  return {
    recsys: `#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec ${shellQuote(runtime.node)} ${shellQuote(runtime.cli)} "$@"\n`,
    'recsys.cmd': `@echo off\r\nsetlocal\r\nset ELECTRON_RUN_AS_NODE=1\r\n"${runtime.node}" "${runtime.cli}" %*\r\n`,
  };
}

/**
 * Puts a `recsys` command on the PATH of integrated terminals, so that a copied command works there.
 * @param store the run store, where a setting moved it away from the place the command looks for by itself
 */
export async function putOnTerminalPath(
  context: vscode.ExtensionContext,
  runtime: NodeRuntime,
  store: string | undefined,
): Promise<void> {
  const folder = path.join(context.globalStorageUri.fsPath, 'bin');
  await fs.mkdir(folder, { recursive: true });
  for (const [name, script] of Object.entries(launcherScripts(runtime)))
    await writeIfChanged(path.join(folder, name), script);
  const environment = context.environmentVariableCollection;
  environment.description = vscode.l10n.t('Adds the `recsys` command');
  if (store === undefined) environment.delete('RECSYS_STORE');
  else environment.replace('RECSYS_STORE', store);
  environment.prepend('PATH', `${folder}${path.delimiter}`);
}

async function writeIfChanged(file: string, text: string): Promise<void> {
  if ((await fs.readFile(file, 'utf8').catch(() => undefined)) === text) return;
  // Another window may be starting the old script: replace it in one step.
  const temporary = `${file}.${process.pid}`;
  await fs.writeFile(temporary, text, { mode: 0o755 });
  await fs.rename(temporary, file);
}
