/** *Predict for a File…*: the next items of all queries of a file, by a process that outlives this window. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { modelWords } from '../commands/pick-model.ts';
import { pickDataFile } from '../commands/pick-data-file.ts';
import { pickOutput, type ChosenOutput } from '../commands/pick-output.ts';
import { pickRunModel } from '../commands/pick-run-model.ts';
import type { Target } from '../commands/pick-run.ts';
import { pickProfile, profileWords } from '../deploy/pick-profile.ts';
import type { Remembered } from '../deploy/remembered.ts';
import { launchAsking } from '../processes/launch-asking.ts';
import type { FolderStore } from '../runs/folder-store.ts';
import type { Services } from '../services.ts';
import type { Site } from '../site.ts';

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
  services: Services,
  store: FolderStore,
  asked: readonly string[],
  output: ChosenOutput,
): Promise<void> {
  const { maxWorkers, memoryLimit } = store.site.settings;
  const { id, ended } = await launchAsking(services, store, [
    ...[...asked, '--output', output.file, ...(output.replaces ? ['--force'] : [])],
    ...(maxWorkers > 0 ? ['--threads', String(maxWorkers)] : []),
    ...(memoryLimit > 0 ? ['--memory-limit', String(memoryLimit)] : []),
  ]);
  services.deployments.predictions.follow({ store, id, output: output.file }, ended);
}
