/** Commands that start from a data file. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { confirmColumns, ofTraining } from '../preview/confirm-columns.ts';
import type { Services } from '../services.ts';
import { fileOf, pickDataFile } from './pick-data-file.ts';
import type { Target } from './pick-run.ts';
import { chooseOptions } from './run-options.ts';

const SAMPLE_FILE = 'playlists.parquet';

/** The file of the explorer's menu, or one that is asked for. */
export async function dataFile({ stores }: Services, target: Target, title: string) {
  return fileOf(target.argument) ?? (await pickDataFile(stores.first().site.folder, title));
}

/** `recsys run` or `recsys prepare` on a file: asked for, or given by the explorer. */
export async function startOnFile(
  services: Services,
  verb: 'run' | 'prepare',
  target: Target,
): Promise<void> {
  const title = verb === 'run' ? vscode.l10n.t('Train') : vscode.l10n.t('Prepare Data');
  const file = await dataFile(services, target, `RecSys: ${title}`);
  if (file === undefined || !(await columnsAreKnown(services, file, title))) return;
  await startRun(services, verb, file, []);
}

/** `recsys run` with options that are chosen first. */
export async function trainWith(services: Services, target: Target): Promise<void> {
  const file = await dataFile(services, target, vscode.l10n.t('RecSys: Train with Options'));
  if (file === undefined || !(await columnsAreKnown(services, file, vscode.l10n.t('Train')))) return;
  const options = await chooseOptions(services, file);
  if (options !== undefined) await startRun(services, 'run', file, options);
}

async function startRun(
  { stores, launcher }: Services,
  verb: 'run' | 'prepare',
  file: string,
  options: readonly string[],
): Promise<void> {
  const store = stores.ofFile(file);
  await launcher.start(store, [verb, relativeTo(store.site.folder, file), ...options], { file });
}

/** Lets the user look at the columns of a file and change them, without starting anything. */
export async function chooseColumns(services: Services, target: Target): Promise<void> {
  const file = await dataFile(services, target, vscode.l10n.t('RecSys: Choose Columns'));
  if (file === undefined) return;
  const preview = await previewOf(services, file);
  const question = ofTraining(vscode.l10n.t('Keep these columns'));
  const spec = await confirmColumns(file, preview, question, preview.saved);
  if (spec === undefined) return;
  const saved = await services.stores.request('data/saveSpec', { path: file, spec });
  const open = vscode.l10n.t('Open');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('The columns are kept in {0}.', path.basename(saved.file)),
    open,
  );
  if (chosen === open) await vscode.window.showTextDocument(vscode.Uri.file(saved.file));
}

/** Copies the sample beside the user's own files and trains on it. */
export async function trySample(services: Services): Promise<void> {
  const { folder } = services.stores.first().site;
  const source = path.join(services.context.extensionPath, 'samples', SAMPLE_FILE);
  const file = path.join(folder, SAMPLE_FILE);
  // COPYFILE_EXCL: a file of that name that is there already stays as it is.
  await fs.copyFile(source, file, fs.constants.COPYFILE_EXCL).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
  await startOnFile(services, 'run', { argument: vscode.Uri.file(file), rows: [] });
}

/** The first time, the guess is confirmed; after that, what recsys.json says is used. */
export async function columnsAreKnown(services: Services, file: string, purpose: string): Promise<boolean> {
  const preview = await previewOf(services, file);
  if (preview.saved !== undefined || preview.guess.spec.format === 'sequences') return true;
  const spec = await confirmColumns(file, preview, ofTraining(purpose));
  if (spec === undefined) return false;
  await services.stores.request('data/saveSpec', { path: file, spec });
  return true;
}

function previewOf({ stores }: Services, file: string) {
  const options = {
    location: vscode.ProgressLocation.Window,
    title: vscode.l10n.t('RecSys: looking at {0}', path.basename(file)),
  };
  return vscode.window.withProgress(options, () => stores.request('data/preview', { path: file }));
}

/** Paths inside the workspace are given relative to it, so that a copied command works on another machine. */
export function relativeTo(folder: string, file: string): string {
  const relative = path.relative(folder, file);
  return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative;
}
