/** What ended and no window has told of yet: deployments, removals, predictions, by their ids. The marks are in `told/<id>.json`. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { ProcessRecord } from '../../protocol/process-record.ts';
import { deploymentFolders, type DeploymentFolder } from '../deploy/deployment-folder.ts';
import { makeFolder } from '../store/make-folder.ts';
import { recordAge, recordIds, recordIn } from '../store/process-records.ts';
import { codeOf, storeError } from '../store/store-error.ts';

/** What ended earlier than that is no news, and its mark is no longer needed. */
const NEWS_MS = 24 * 60 * 60_000;

const toldFolder = (store: string): string => path.join(store, 'told');

/** @param followed what other processes than deployments have left */
export function untold(store: string, followed: readonly ProcessRecord[]): string[] {
  const told = new Set(recordIds(toldFolder(store)));
  const ended = followed.filter(({ state }) => state !== 'running').map(({ id }) => id);
  const deployments = deploymentFolders(store).flatMap(endedLately);
  return [...ended, ...deployments].filter((id) => !told.has(id));
}

function endedLately(folder: DeploymentFolder): string[] {
  try {
    const state = folder.state();
    return state === undefined || folder.isBusy || !isNews(folder.stateFile) ? [] : [state.id];
  } catch {
    // Who lists endpoints says that it is damaged.
    return [];
  }
}

/** What another process has just taken away is none. */
function isNews(file: string): boolean {
  const written = fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Date.now() - written < NEWS_MS;
}

/**
 * Marks that a window tells of what ended.
 * @returns whether it is the first that does
 * @throws UserError where the store cannot be written
 */
export function tell(store: string, id: string): boolean {
  const folder = toldFolder(store);
  try {
    makeFolder(folder);
    for (const old of recordIds(folder))
      if ((recordAge(folder, old) ?? 0) > 2 * NEWS_MS) fs.rmSync(recordIn(folder, old), { force: true });
    fs.writeFileSync(recordIn(folder, id), '{}\n', { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw storeError(store, error);
  }
}
