import * as vscode from 'vscode';
import type { RunRow } from '../../protocol/run-row.ts';
import { hasReport, hasVectors, isPrepared, isResumable, isRunning, isTrained } from './run-facts.ts';
import type { Stores } from './stores.ts';

/** Context keys of package.json's `when` clauses, each true when it holds for at least one run. */
const KEYS: Readonly<Record<string, (run: RunRow) => boolean>> = {
  'recsys.hasRuns': () => true,
  'recsys.hasRunning': isRunning,
  'recsys.hasResumable': isResumable,
  'recsys.hasPrepared': isPrepared,
  'recsys.hasTrained': isTrained,
  'recsys.hasReport': hasReport,
  'recsys.hasVectors': hasVectors,
  'recsys.hasStarred': (run) => run.labels.starred,
};

export const CONTEXT_KEYS: readonly string[] = Object.keys(KEYS);

/** Keeps the context keys true to the store. */
export function maintainContextKeys(stores: Stores): vscode.Disposable {
  const last = new Map<string, boolean>();
  return stores.onDidChange(() => {
    for (const [key, holds] of Object.entries(KEYS)) {
      const value = stores.runs.some(holds);
      if (last.get(key) === value) continue;
      last.set(key, value);
      void vscode.commands.executeCommand('setContext', key, value);
    }
  });
}
