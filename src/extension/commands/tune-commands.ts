/** *Tune…*: a kind of model, a budget, and a search over its parameters starts. */
import * as vscode from 'vscode';
import type { TunableKind } from '../../protocol/engine.ts';
import type { RunRow } from '../../protocol/run-row.ts';
import type { Services } from '../services.ts';
import { columnsAreKnown, dataFile, relativeTo } from './data-commands.ts';
import { pickRun, type Target } from './pick-run.ts';
import { goOn } from './run-commands.ts';

const title = (): string => vscode.l10n.t('RecSys: Tune');

/** Tunes on a data file: asked for, or given by the explorer. */
export async function tuneFile(services: Services, target: Target): Promise<void> {
  const file = await dataFile(services, target, title());
  if (file === undefined || !(await columnsAreKnown(services, file, vscode.l10n.t('Tune')))) return;
  const kind = await pickKind(services);
  const budget = kind === undefined ? undefined : await pickBudget();
  if (kind === undefined || budget === undefined) return;
  const store = services.stores.ofFile(file);
  const words = ['tune', relativeTo(store.site.folder, file), '--model', kind, ...budget];
  await services.launcher.start(store, words, { file });
}

/** Tunes on the data of a run; a run that is a tuning itself goes on, its finished trials kept. */
export async function tuneRun(services: Services, target: Target): Promise<void> {
  const run = await pickRun(services.stores, target, { title: title() });
  const subject = run === undefined ? undefined : await subjectOf(services, run);
  const budget = subject === undefined ? undefined : await pickBudget();
  if (run === undefined || subject === undefined || budget === undefined) return;
  await goOn(services, ['tune', ...subject, ...budget], run);
}

async function subjectOf(services: Services, run: RunRow): Promise<string[] | undefined> {
  if (run.tunes !== undefined) return [run.id];
  const kind = await pickKind(services);
  return kind === undefined ? undefined : [run.id, '--model', kind];
}

async function pickKind(services: Services): Promise<string | undefined> {
  const { kinds } = await services.stores.request('models/tunable', {});
  const items = kinds.map((kind: TunableKind) => ({
    label: kind.title,
    description: kind.name,
    detail: kind.description,
    name: kind.name,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: title(),
    placeHolder: vscode.l10n.t('Choose the model to tune'),
    matchOnDescription: true,
  });
  return chosen?.name;
}

interface BudgetItem extends vscode.QuickPickItem {
  readonly options?: readonly string[];
}

function budgetItems(): BudgetItem[] {
  const trials = (count: number, detail: string): BudgetItem => ({
    label: vscode.l10n.t('{0} trials', count),
    detail,
    options: ['--trials', String(count)],
  });
  const minutes = (count: number): BudgetItem => ({
    label: vscode.l10n.t('{0} minutes', count),
    detail: vscode.l10n.t('As many trials as start in that time; what has begun is finished.'),
    options: ['--minutes', String(count)],
  });
  return [
    trials(27, vscode.l10n.t('About as much work as eleven whole trainings.')),
    trials(9, vscode.l10n.t('A quick look.')),
    trials(81, vscode.l10n.t('Thorough.')),
    minutes(10),
    minutes(60),
    { label: vscode.l10n.t('Another budget…') },
  ];
}

/** @returns options of the command */
async function pickBudget(): Promise<readonly string[] | undefined> {
  const chosen = await vscode.window.showQuickPick(budgetItems(), {
    title: title(),
    placeHolder: vscode.l10n.t(
      'How much is to be tried? The test part of the data is read once, at the end.',
    ),
  });
  if (chosen === undefined || chosen.options !== undefined) return chosen?.options;
  const text = await vscode.window.showInputBox({
    title: title(),
    prompt: vscode.l10n.t('Trials (“40”) or minutes (“15 min”)'),
    validateInput: (value) =>
      readBudget(value) === undefined ? vscode.l10n.t('A number of trials up to 999, or minutes') : undefined,
  });
  return text === undefined ? undefined : readBudget(text);
}

/** `40` are trials, `15 min` minutes. */
export function readBudget(text: string): readonly string[] | undefined {
  const [, number = '', minutes] = /^\s*(\d{1,3}(?:\.\d+)?)\s*(m|min|minutes)?\s*$/.exec(text) ?? [];
  if (number === '' || Number(number) <= 0) return undefined;
  if (minutes !== undefined) return ['--minutes', number];
  return Number.isInteger(Number(number)) ? ['--trials', number] : undefined;
}
