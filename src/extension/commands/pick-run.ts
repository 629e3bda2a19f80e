import * as vscode from 'vscode';
import type { RunRow } from '../../protocol/run-row.ts';
import { UserError } from '../../protocol/user-error.ts';
import { runDescription, runLabel, stateIcon } from '../runs/run-text.ts';
import { goneRun, type Stores } from '../runs/stores.ts';
import type { Node } from '../runs/tree-nodes.ts';
import { escapeIcons } from '../../protocol/text/escape.ts';

/** A step's log as a card asks for it. */
export interface StepReference {
  readonly runReference: string;
  readonly step: string;
}

export function isStepReference(argument: unknown): argument is StepReference {
  return (
    typeof argument === 'object' && argument !== null && 'runReference' in argument && 'step' in argument
  );
}

/** Names the run that a command is about (`run-reference.ts`): of a tree row, from a link or a card; or undefined. */
export function runReferenceOf(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument;
  if (isStepReference(argument)) return argument.runReference;
  if (!isNode(argument) || argument.kind === 'folder') return undefined;
  return argument.kind === 'error' ? argument.broken?.folder : argument.run.folder;
}

/** Whether VS Code passed a row of our tree. */
export function isNode(argument: unknown): argument is Node {
  return typeof argument === 'object' && argument !== null && 'kind' in argument && 'id' in argument;
}

/** Names the runs that rows are about, each once. */
export function runReferencesOf(rows: readonly Node[]): string[] {
  return [...new Set(rows.map(runReferenceOf).filter((reference) => reference !== undefined))];
}

interface RunItem extends vscode.QuickPickItem {
  readonly run: RunRow;
}

/** What a command was called with. */
export interface Target {
  /** A row of the tree, a file, arguments of a link, or nothing. */
  readonly argument: unknown;
  /** The selected rows of the tree, where several are meant; the argument is one of them. */
  readonly rows: readonly Node[];
}

export interface RunQuestion {
  readonly title: string;
  /** Which runs are offered, and which of several rows are meant. */
  readonly suits?: (run: RunRow) => boolean;
}

/**
 * The run a command is about, asked for in a list where the argument does not say it.
 * @returns undefined when the user turned away
 * @throws {UserError} when no run suits
 */
export async function pickRun(
  stores: Stores,
  { argument }: Target,
  { title, suits = () => true }: RunQuestion,
): Promise<RunRow | undefined> {
  await stores.ready();
  const reference = runReferenceOf(argument);
  if (reference !== undefined) return knownRun(stores, reference);
  const items = stores.runs.filter(suits).map((run) => runItem(stores, run));
  const [only] = items;
  if (only === undefined) throw noRun();
  if (items.length === 1) return only.run;
  const chosen = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: vscode.l10n.t('Choose a run'),
    matchOnDescription: true,
  });
  return chosen?.run;
}

/**
 * The same for commands that several rows may be selected for.
 * @returns none when the user turned away
 */
export async function pickRuns(stores: Stores, target: Target, question: RunQuestion): Promise<RunRow[]> {
  const references = runReferencesOf(target.rows);
  if (references.length < 2) {
    const run = await pickRun(stores, target, question);
    return run === undefined ? [] : [run];
  }
  const runs = references.map((reference) => stores.run(reference)).filter((run) => run !== undefined);
  const suiting = runs.filter(question.suits ?? (() => true));
  if (suiting.length === 0)
    throw new UserError(
      vscode.l10n.t('None of the selected runs can be meant by this.'),
      vscode.l10n.t('Select others.'),
    );
  return suiting;
}

function noRun(): UserError {
  return new UserError(
    vscode.l10n.t('There is no run for this.'),
    vscode.l10n.t('Start one with “RecSys: Train”.'),
  );
}

async function knownRun(stores: Stores, reference: string): Promise<RunRow> {
  if (stores.run(reference) === undefined) await stores.load();
  const run = stores.run(reference);
  if (run === undefined) throw goneRun(reference);
  return run;
}

function runItem(stores: Stores, run: RunRow): RunItem {
  const folder = stores.all.length < 2 ? '' : escapeIcons(stores.of(run.folder)?.site.name ?? '');
  return {
    label: `$(${stateIcon(run.state)}) ${run.labels.starred ? '$(star-full) ' : ''}${escapeIcons(runLabel(run))}`,
    description: escapeIcons(runDescription(run)),
    detail: [folder, run.id].filter((part) => part !== '').join(' · '),
    run,
  };
}
