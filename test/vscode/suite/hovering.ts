/** What the suites of the hover share: a run made in this window's store, and hovers asked for as the editor does. */
import { execFile } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { extensionUnderTest } from './extension-under-test.ts';

/** Trains on rows of two columns, artist and track, and the playlist before them. */
export async function train(
  file: string,
  rows: readonly string[],
  options: readonly string[],
): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  await fs.writeFile(path.join(folder, file), ['playlist,artist,track', ...rows, ''].join('\n'));
  const cli = path.join(extensionUnderTest().extensionPath, 'dist/cli.mjs');
  await promisify(execFile)(process.execPath, [cli, 'run', file, '--models', 'prod2vec', ...options], {
    cwd: folder,
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  await vscode.commands.executeCommand('recsys.refresh');
}

export async function hoverAt(document: vscode.TextDocument, offset: number): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    document.positionAt(offset),
  );
  return textOf(hovers);
}

export function textOf(hovers: readonly vscode.Hover[]): string {
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (content instanceof vscode.MarkdownString ? content.value : ''))
    .join('\n');
}

export function percentile(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor(share * (times.length - 1))] ?? NaN;
}
