import * as vscode from 'vscode';
import type { RunRow } from '../../protocol/run-row.ts';
import { UserError } from '../../protocol/user-error.ts';
import { runDescription, runLabel, stateIcon } from '../runs/run-text.ts';
import type { StoreModel } from '../runs/store-model.ts';
import type { Node } from '../runs/tree-nodes.ts';
import { escapeIcons } from '../text/escape.ts';

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
  if (!isNode(argument)) return undefined;
  return argument.kind === 'error' ? argument.broken?.id : argument.run.id;
}

/** Whether VS Code passed a row of our tree. */
export function isNode(argument: unknown): argument is Node {
  return typeof argument === 'object' && argument !== null && 'kind' in argument && 'id' in argument;
}

interface RunItem extends vscode.QuickPickItem {
  readonly run: RunRow;
}

/**
 * The run a command is about, asked for in a list where the argument does not say it.
 * @param suits which runs are offered
 * @returns undefined when the user turned away
 * @throws {UserError} when no run suits
 */
export async function pickRun(
  model: StoreModel,
  argument: unknown,
  title: string,
  suits: (run: RunRow) => boolean = () => true,
): Promise<RunRow | undefined> {
  await model.ready();
  const id = runIdOf(argument);
  if (id !== undefined) return knownRun(model, id);
  const items = model.runs.filter(suits).map(runItem);
  const [only] = items;
  if (only === undefined)
    throw new UserError(
      vscode.l10n.t('There is no run for this.'),
      vscode.l10n.t('Start one with “RecSys: Train”.'),
    );
  if (items.length === 1) return only.run;
  const chosen = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: vscode.l10n.t('Choose a run'),
    matchOnDescription: true,
  });
  return chosen?.run;
}

async function knownRun(model: StoreModel, id: string): Promise<RunRow> {
  if (model.run(id) === undefined) await model.load();
  const run = model.run(id);
  if (run === undefined)
    throw new UserError(
      vscode.l10n.t('Run {0} is not in the store any more.', id),
      vscode.l10n.t('Use Refresh to see what is there.'),
    );
  return run;
}

function runItem(run: RunRow): RunItem {
  return {
    label: `$(${stateIcon(run.state)}) ${escapeIcons(runLabel(run))}`,
    description: escapeIcons(runDescription(run)),
    detail: run.id,
    run,
  };
}
