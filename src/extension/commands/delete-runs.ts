/** Deleting runs, with a way back. */
import * as vscode from 'vscode';
import { messageOf, UserError } from '../../protocol/user-error.ts';
import type { FolderStore } from '../runs/folder-store.ts';
import { isFinished } from '../runs/run-facts.ts';
import { idOf } from '../runs/run-reference.ts';
import { countOfRuns, runLabel } from '../runs/run-text.ts';
import type { Node } from '../runs/tree-nodes.ts';
import type { Services } from '../services.ts';
import { showError } from '../show-error.ts';
import { escapeLinks } from '../../protocol/text/escape.ts';
import { isNode, pickRuns, runReferencesOf, type Target } from './pick-run.ts';

/** *Delete Run*, of the row, of several, or of one that cannot be read. */
export async function deleteRun(services: Services, target: Target): Promise<void> {
  const references = await runsToDelete(services, target);
  const [first] = references;
  if (first === undefined) return;
  const run = services.stores.run(first);
  const what =
    references.length > 1 ? countOfRuns(references.length) : run === undefined ? idOf(first) : runLabel(run);
  const deleted = await moveToTrash(services, references);
  if (deleted.length === references.length) offerUndo(services, deleted, vscode.l10n.t('Deleted {0}.', what));
  else if (deleted.length > 0) offerUndo(services, deleted, deletedText(deleted.length));
}

/** Only a run's own row means the run: with a step or an artifact selected, Delete must not take the whole run away. */
function wholeRuns({ argument, rows }: Target): Target {
  const isWhole = (row: Node): boolean => row.kind === 'run' || row.kind === 'error';
  const whole = rows.filter(isWhole);
  if (rows.length > 0 && whole.length === 0)
    throw new UserError(
      vscode.l10n.t('Only whole runs can be deleted.'),
      vscode.l10n.t('Select the rows of the runs themselves.'),
    );
  return { argument: isNode(argument) && !isWhole(argument) ? whole[0] : argument, rows: whole };
}

async function runsToDelete({ stores }: Services, asked: Target): Promise<string[]> {
  const target = wholeRuns(asked);
  // Rows that cannot be read as runs are meant as well.
  const isBroken = (reference: string): boolean => stores.run(reference) === undefined;
  const references = runReferencesOf(target.rows);
  const broken = references.filter(isBroken);
  if (broken.length > 0 && broken.length === references.length) return broken;
  const title = vscode.l10n.t('RecSys: Delete Run');
  const runs = await pickRuns(stores, target, { title, suits: isFinished });
  return [...broken, ...runs.map(({ folder }) => folder)];
}

export interface Deleted {
  readonly id: string;
  readonly store: FolderStore;
}

/** Moves exactly these runs to the trash; of those that cannot be moved it is told why. */
export async function moveToTrash(services: Services, references: readonly string[]): Promise<Deleted[]> {
  const { stores, log } = services;
  const deleted: Deleted[] = [];
  for (const reference of references) {
    const id = idOf(reference);
    try {
      const store = await stores.holding(reference);
      await store.engine.request('run/delete', { run: id });
      deleted.push({ id, store });
    } catch (error) {
      log.error(`run/delete ${id}`, messageOf(error));
      showError(error, log);
    }
  }
  await stores.load();
  return deleted;
}

export function deletedText(count: number): string {
  return vscode.l10n.t('Deleted {0}.', countOfRuns(count));
}

/** Says what was deleted, and brings it back when asked to. Returns at once. */
export function offerUndo({ stores, log }: Services, deleted: readonly Deleted[], text: string): void {
  const undo = vscode.l10n.t('Undo');
  const restore = async (): Promise<void> => {
    const results = await Promise.allSettled(
      deleted.map(({ id, store }) => store.engine.request('run/restore', { run: id })),
    );
    for (const result of results) if (result.status === 'rejected') showError(result.reason, log);
  };
  void vscode.window.showInformationMessage(escapeLinks(text), undo).then(async (chosen) => {
    if (chosen !== undo) return;
    await restore();
    await stores.load();
  });
}
