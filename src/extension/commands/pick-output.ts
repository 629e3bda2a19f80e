/** Where a file is to be written, and that nothing is replaced which a person was not asked about. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { oneLine } from '../../protocol/text/escape.ts';

export interface OutputQuestion {
  readonly title: string;
  /** In which the dialog begins. */
  readonly folder: string;
  /** Name of the file, without its ending. */
  readonly name: string;
  /** Endings that the file may have, that which is offered first; each with its name for people. */
  readonly endings: readonly (readonly [ending: string, name: string])[];
  /** One of the endings is added where a person named none of them, as another would mean another thing. */
  readonly needsEnding: boolean;
  /** The file that is written beside one, where there is such. */
  readonly beside?: (file: string) => string | undefined;
}

export interface ChosenOutput {
  readonly file: string;
  /** Whether something is there that may be replaced. */
  readonly replaces: boolean;
}

/** @returns undefined where the person turned away */
export async function pickOutput(question: OutputQuestion): Promise<ChosenOutput | undefined> {
  const { title, folder, name, endings, needsEnding, beside } = question;
  const [first = ''] = endings.map(([ending]) => ending);
  const chosen = await vscode.window.showSaveDialog({
    title,
    defaultUri: vscode.Uri.file(path.join(folder, `${name}${first}`)),
    filters: Object.fromEntries(endings.map(([ending, text]) => [text, [ending.slice(1)]])),
  });
  if (chosen === undefined) return undefined;
  const named = chosen.fsPath;
  const isWhole = !needsEnding || endings.some(([ending]) => named.toLowerCase().endsWith(ending));
  const file = isWhole ? named : `${named}${first}`;
  const companion = beside?.(file);
  // The dialog asked about the file that it named alone.
  const unasked = [...(file === named ? [] : [file]), ...(companion === undefined ? [] : [companion])];
  const there = [];
  for (const one of unasked) if (await isThere(one)) there.push(one);
  for (const one of there) if (!(await mayReplace(one))) return undefined;
  return { file, replaces: there.length > 0 || (await isThere(file)) };
}

async function mayReplace(file: string): Promise<boolean> {
  const replace = vscode.l10n.t('Replace');
  const question = vscode.l10n.t('{0} is there already. Replace it?', oneLine(path.basename(file), 80));
  return (await vscode.window.showWarningMessage(question, { modal: true }, replace)) === replace;
}

async function isThere(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}
