import * as vscode from 'vscode';
import type { RunRow } from '../../protocol/run-row.ts';
import type { EndpointList } from '../endpoints/endpoint-list.ts';
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

/** Whether the stores know of endpoints at AWS. */
const AWS_ENDPOINTS = 'recsys.hasAwsEndpoints';

export const CONTEXT_KEYS: readonly string[] = [...Object.keys(KEYS), LOOKED, AWS_ENDPOINTS];

/** Keeps the context keys true to the stores, and to their endpoints. */
export function maintainContextKeys(stores: Stores, endpoints: EndpointList): vscode.Disposable {
  const last = new Map<string, boolean>();
  const set = (key: string, value: boolean): void => {
    if (last.get(key) === value) return;
    last.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  };
  const ofEndpoints = endpoints.onDidChange(() => set(AWS_ENDPOINTS, endpoints.atAws.length > 0));
  const ofRuns = stores.onDidChange(() => {
    set(AWS_ENDPOINTS, endpoints.atAws.length > 0);
    for (const [key, holds] of Object.entries(KEYS)) set(key, stores.runs.some(holds));
    set(
      LOOKED,
      stores.all.every(({ model }) => model.status.kind === 'ready'),
    );
  });
  return vscode.Disposable.from(ofRuns, ofEndpoints);
}
