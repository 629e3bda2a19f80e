import * as vscode from 'vscode';
import type { RunRow } from '../../protocol/run-row.ts';
import { UserError } from '../../protocol/user-error.ts';
import { runDescription, runLabel, stateIcon } from '../runs/run-text.ts';
import { goneRun, type Stores } from '../runs/stores.ts';
import type { Node } from '../runs/tree-nodes.ts';
import { escapeIcons } from '../../protocol/text/escape.ts';

/** A step's log as a card asks for it. */
export interface StepReference {
  readonly runId: string;
  readonly step: string;
}

export function isStepReference(argument: unknown): argument is StepReference {
  return typeof argument === 'object' && argument !== null && 'runId' in argument && 'step' in argument;
}

/** The run that a command is about: of a tree row, by an id (from a link or a card), or undefined. */
export function runIdOf(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument;
  if (isStepReference(argument)) return argument.runId;
  if (!isNode(argument) || argument.kind === 'folder') return undefined;
  return argument.kind === 'error' ? argument.broken?.id : argument.run.id;
}

/** Whether VS Code passed a row of our tree. */
export function isNode(argument: unknown): argument is Node {
  return typeof argument === 'object' && argument !== null && 'kind' in argument && 'id' in argument;
}

/** Ids of the runs that rows are about, each once. */
export function runIdsOf(rows: readonly Node[]): string[] {
  return [...new Set(rows.map(runIdOf).filter((id) => id !== undefined))];
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
  const id = runIdOf(argument);
  if (id !== undefined) return knownRun(stores, id);
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
  const ids = runIdsOf(target.rows);
  if (ids.length < 2) {
    const run = await pickRun(stores, target, question);
    return run === undefined ? [] : [run];
  }
  const runs = ids.map((id) => stores.run(id)).filter((run) => run !== undefined);
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

async function knownRun(stores: Stores, id: string): Promise<RunRow> {
  if (stores.run(id) === undefined) await stores.load();
  const run = stores.run(id);
  if (run === undefined) throw goneRun(id);
  return run;
}

function runItem(stores: Stores, run: RunRow): RunItem {
  const folder = stores.all.length < 2 ? '' : escapeIcons(stores.of(run.id)?.site.name ?? '');
  return {
    label: `$(${stateIcon(run.state)}) ${run.labels.starred ? '$(star-full) ' : ''}${escapeIcons(runLabel(run))}`,
    description: escapeIcons(runDescription(run)),
    detail: [folder, run.id].filter((part) => part !== '').join(' · '),
    run,
  };
}
