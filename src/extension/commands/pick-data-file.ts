import * as path from 'node:path';
import * as vscode from 'vscode';
import { escapeIcons } from '../../protocol/text/escape.ts';

/** Files that hold rows; plain text files of sequences are found by the dialog. */
const PATTERN = '**/*.{parquet,csv,tsv,jsonl,ndjson,csv.gz,csv.zst,tsv.gz,jsonl.gz,jsonl.zst,ndjson.gz}';
const EXCLUDED = '**/{node_modules,.recsys,.git,.venv}/**';
const SHOWN_FILES = 200;

interface FileItem extends vscode.QuickPickItem {
  readonly file?: string;
}

/** A file of the explorer's context menu. */
export function fileOf(argument: unknown): string | undefined {
  return argument instanceof vscode.Uri ? argument.fsPath : undefined;
}

/** Asks for a data file of the workspace, or anywhere. */
export async function pickDataFile(
  folder: string,
  title: string,
  placeHolder = vscode.l10n.t('Choose the data file'),
): Promise<string | undefined> {
  const found = await vscode.workspace.findFiles(PATTERN, EXCLUDED, SHOWN_FILES);
  const items: FileItem[] = found
    .map((uri) => uri.fsPath)
    .sort()
    .map((file) => ({
      label: `$(table) ${escapeIcons(path.basename(file))}`,
      description: escapeIcons(placeOf(file)),
      file,
    }));
  const browse: FileItem = { label: `$(folder-opened) ${vscode.l10n.t('Browse…')}`, alwaysShow: true };
  if (items.length === 0) return browseFile(folder, title);
  const chosen = await vscode.window.showQuickPick([...items, browse], {
    title,
    placeHolder,
  });
  return chosen === browse ? browseFile(folder, title) : chosen?.file;
}

/** The folder of a file, from its workspace folder on, whose name stands first where there are several. */
function placeOf(file: string): string {
  const place = path.dirname(vscode.workspace.asRelativePath(file));
  return place === '.' ? '' : place;
}

async function browseFile(folder: string, title: string): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title,
    defaultUri: vscode.Uri.file(folder),
    filters: {
      [vscode.l10n.t('Data files')]: ['parquet', 'csv', 'tsv', 'jsonl', 'ndjson', 'gz', 'zst', 'txt'],
    },
  });
  return chosen?.[0]?.fsPath;
}
