import * as vscode from 'vscode';
import type { RunRow } from '../../protocol/run-row.ts';
import {
  canTrainOnEverything,
  hasReport,
  hasVectors,
  isPrepared,
  isResumable,
  isRunning,
  isTrained,
} from './run-facts.ts';
import type { Stores } from './stores.ts';

/** Context keys of package.json's `when` clauses, each true when it holds for at least one run. */
const KEYS: Readonly<Record<string, (run: RunRow) => boolean>> = {
  'recsys.hasRuns': () => true,
  'recsys.hasRunning': isRunning,
  'recsys.hasResumable': isResumable,
  'recsys.hasPrepared': isPrepared,
  'recsys.hasTrained': isTrained,
  'recsys.hasReport': hasReport,
  'recsys.hasRefittable': canTrainOnEverything,
  'recsys.hasVectors': hasVectors,
  'recsys.hasStarred': (run) => run.labels.starred,
};

/** Whether every store was looked at: before that it is not known that there are no runs. */
const LOOKED = 'recsys.looked';

export const CONTEXT_KEYS: readonly string[] = [...Object.keys(KEYS), LOOKED];

/** Keeps the context keys true to the store. */
export function maintainContextKeys(stores: Stores): vscode.Disposable {
  const last = new Map<string, boolean>();
  const set = (key: string, value: boolean): void => {
    if (last.get(key) === value) return;
    last.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  };
  return stores.onDidChange(() => {
    for (const [key, holds] of Object.entries(KEYS)) set(key, stores.runs.some(holds));
    set(
      LOOKED,
      stores.all.every(({ model }) => model.status.kind === 'ready'),
    );
  });
}
