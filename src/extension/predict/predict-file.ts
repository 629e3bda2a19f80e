/** *Predict for a File…*: the next items of all queries of a file, by a process that outlives this window. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { modelWords } from '../commands/pick-model.ts';
import { pickDataFile } from '../commands/pick-data-file.ts';
import { pickOutput, type ChosenOutput } from '../commands/pick-output.ts';
import { pickRunModel } from '../commands/pick-run-model.ts';
import type { Target } from '../commands/pick-run.ts';
import { launchAsking } from '../processes/launch-asking.ts';
import type { Services } from '../services.ts';
import { showError } from '../show-error.ts';
import { pickWhere } from './pick-where.ts';
import { columnWords, otherColumnWords, type AskedFile } from './query-columns.ts';

const title = (): string => vscode.l10n.t('RecSys: Predict for a File');

export async function predictFile(services: Services, target: Target): Promise<void> {
  const { stores, deployments } = services;
  const chosen = await pickRunModel(stores, target, {
    title: title(),
    placeHolder: vscode.l10n.t('Choose the model that predicts'),
  });
  if (chosen === undefined) return;
  const { run, store, model } = chosen;
  const { site } = store;
  const input = await pickDataFile(site.folder, title(), vscode.l10n.t('Choose the file of queries'));
  if (input === undefined) return;
  const asked = { store, run: run.id, input };
  const columns = await columnWords(asked);
  if (columns === undefined) return;
  const output = await pickFile(input);
  if (output === undefined) return;
  const length = await askLength();
  if (length === undefined) return;
  const seen = await pickSeen();
  if (seen === undefined) return;
  const where = await pickWhere(site, deployments.remembered, title());
  if (where === undefined) return;
  const words = [...modelWords(model), '-k', length, ...seen, ...where];
  await launch(services, { ...asked, output, words }, columns);
}

function pickFile(input: string): Promise<ChosenOutput | undefined> {
  const [stem = ''] = path.basename(input).split('.');
  return pickOutput({
    ...{ title: title(), folder: path.dirname(input), name: `${stem}-next`, needsEnding: true },
    endings: [
      ['.parquet', 'Parquet'],
      ['.csv', 'CSV'],
      ['.ndjson', 'NDJSON'],
      ['.jsonl', 'JSON Lines'],
    ],
  });
}

async function askLength(): Promise<string | undefined> {
  const typed = await vscode.window.showInputBox({
    ...{ title: title(), value: '10', ignoreFocusOut: true },
    prompt: vscode.l10n.t('How many items each query gets'),
    validateInput: (text) =>
      /^[1-9]\d{0,4}$/.test(text.trim()) ? undefined : vscode.l10n.t('A whole number, 1 or more'),
  });
  return typed?.trim();
}

/** @returns options of `recsys predict`; undefined where the person turned away */
async function pickSeen(): Promise<readonly string[] | undefined> {
  const items = [
    {
      label: vscode.l10n.t('New ones'),
      detail: vscode.l10n.t('Items that a query holds are left out of its predictions'),
      words: [],
    },
    {
      label: vscode.l10n.t('All'),
      detail: vscode.l10n.t('Items that a query holds may be predicted again'),
      words: ['--keep-seen'],
    },
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    ...{ title: title(), ignoreFocusOut: true, placeHolder: vscode.l10n.t('Which items may be predicted?') },
  });
  return chosen?.words;
}

interface Meant extends AskedFile {
  readonly output: ChosenOutput;
  /** Options, but those of the columns and the files. */
  readonly words: readonly string[];
}

async function launch(services: Services, meant: Meant, columns: readonly string[]): Promise<void> {
  const { store, run, input, output, words } = meant;
  const { maxWorkers, memoryLimit } = store.site.settings;
  const { id, ended } = await launchAsking(services, store, [
    ...['predict', run, '--input', input, ...columns, ...words],
    ...['--output', output.file, ...(output.replaces ? ['--force'] : [])],
    ...(maxWorkers > 0 ? ['--threads', String(maxWorkers)] : []),
    ...(memoryLimit > 0 ? ['--memory-limit', String(memoryLimit)] : []),
  ]);
  const chooseColumns = (): Promise<void> =>
    again(services, meant).catch((error: unknown) => showError(error, services.log));
  services.deployments.predictions.follow({ store, id, output: output.file, chooseColumns }, ended);
}

/** The same by other columns. */
async function again(services: Services, meant: Meant): Promise<void> {
  const columns = await otherColumnWords(meant);
  if (columns !== undefined) await launch(services, meant, columns);
}
