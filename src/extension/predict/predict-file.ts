/** *Predict for a File…*: the next items of all queries of a file, by a process that outlives this window. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { newRunId } from '../../protocol/run-id.ts';
import { modelWords, pickModel } from '../commands/pick-model.ts';
import { pickDataFile } from '../commands/pick-data-file.ts';
import { pickOutput, type ChosenOutput } from '../commands/pick-output.ts';
import { pickRun, type Target } from '../commands/pick-run.ts';
import { pickProfile, profileWords } from '../deploy/pick-profile.ts';
import type { Remembered } from '../deploy/remembered.ts';
import { launchDetached } from '../processes/launch-detached.ts';
import { ERRORS_AS_JSON } from '../processes/told-failure.ts';
import type { FolderStore } from '../runs/folder-store.ts';
import { hasReport } from '../runs/run-facts.ts';
import { goneRun } from '../runs/stores.ts';
import type { Services } from '../services.ts';
import type { Site } from '../site.ts';

const title = (): string => vscode.l10n.t('RecSys: Predict for a File');

export async function predictFile(services: Services, target: Target): Promise<void> {
  const { stores, deployments } = services;
  const run = await pickRun(stores, target, { title: title(), suits: hasReport });
  if (run === undefined) return;
  const store = stores.of(run.folder);
  if (store === undefined) throw goneRun(run.id);
  const { site } = store;
  const model = await pickModel(target, run, () => stores.details(run.folder), {
    title: title(),
    placeHolder: vscode.l10n.t('Choose the model that predicts'),
  });
  if (model === undefined) return;
  const what = vscode.l10n.t('Choose the file of queries; its columns are called as those of the run’s data');
  const input = await pickDataFile(site.folder, title(), what);
  if (input === undefined) return;
  const output = await pickFile(input);
  if (output === undefined) return;
  const k = await askLength();
  if (k === undefined) return;
  const where = await pickWhere(site, deployments.remembered);
  if (where === undefined) return;
  const words = ['predict', run.id, ...modelWords(model), '--input', input, '-k', k, ...where];
  await launch(services, store, words, output);
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
async function pickWhere(site: Site, remembered: Remembered): Promise<readonly string[] | undefined> {
  const items = [
    {
      label: `$(vm) ${vscode.l10n.t('On this machine')}`,
      detail: vscode.l10n.t('By threads of a process of its own, which goes on when this window is closed'),
      isAtAws: false,
    },
    {
      label: `$(cloud) ${vscode.l10n.t('At AWS…')}`,
      detail: vscode.l10n.t(
        'By a batch transform job of SageMaker, shown with its price before; nothing of it stays',
      ),
      isAtAws: true,
    },
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    ...{ title: title(), ignoreFocusOut: true, placeHolder: vscode.l10n.t('Where is it to be predicted?') },
  });
  if (chosen === undefined) return undefined;
  if (!chosen.isAtAws) return [];
  const profile = await pickProfile(site, remembered, title());
  return profile === undefined ? undefined : ['--at-aws', ...profileWords(profile)];
}

async function launch(
  { context, deployments, log }: Services,
  store: FolderStore,
  asked: readonly string[],
  output: ChosenOutput,
): Promise<void> {
  const { site } = store;
  const { storeFolder, maxWorkers, memoryLimit } = site.settings;
  const id = newRunId();
  const words = [
    ...[...asked, '--output', output.file, ...(output.replaces ? ['--force'] : [])],
    ...(maxWorkers > 0 ? ['--threads', String(maxWorkers)] : []),
    ...(memoryLimit > 0 ? ['--memory-limit', String(memoryLimit)] : []),
    ...['--id', id, '--ask-by-file', '--json', '--store', storeFolder],
  ];
  log.info(`recsys ${words.join(' ')}`);
  // Changes of the store are told to who has seen it once; followed from its start, nobody else takes it for another window's.
  await store.model.ready();
  const { ended } = await launchDetached({
    runtime: site.runtime,
    arguments: [...words, ERRORS_AS_JSON],
    workingFolder: site.folder,
    logFolder: (context.storageUri ?? context.logUri).fsPath,
  });
  deployments.predictions.follow({ store, id, output: output.file }, ended);
}
