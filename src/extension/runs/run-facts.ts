/** What may be done with a run, from its view. */
import * as path from 'node:path';
import type { RunRow } from '../../protocol/run-row.ts';

/** The data as they were given: a path, or a glob. */
export function dataOf(run: RunRow): string {
  return run.data.path;
}

/** Absolute path of the data. @param folder from which the run was started, most likely */
export function dataFileOf(run: RunRow, folder: string): string {
  return path.resolve(run.data.folder ?? folder, dataOf(run));
}

export function isRunning(run: RunRow): boolean {
  return run.state === 'running';
}

const RESUMABLE: readonly RunRow['state'][] = ['failed', 'cancelled', 'interrupted', 'damaged'];

export function isResumable(run: RunRow): boolean {
  return RESUMABLE.includes(run.state);
}

/** Prepared, and meant to stop there. */
export function isPrepared(run: RunRow): boolean {
  return run.state === 'succeeded' && run.next === 'train';
}

/** Trained, but not evaluated yet. */
export function isTrained(run: RunRow): boolean {
  return !isRunning(run) && run.next === 'evaluate';
}

export function hasReport(run: RunRow): boolean {
  return run.headline !== undefined;
}

export function hasVectors(run: RunRow): boolean {
  return run.bestEmbedding !== undefined;
}

/** A run that does nothing now may be deleted. */
export function isFinished(run: RunRow): boolean {
  return !isRunning(run);
}

/** Words by which menus recognise a run. */
export function runTokens(run: RunRow): string {
  const facts: [string, boolean][] = [
    ['running', isRunning(run)],
    ['finished', isFinished(run)],
    ['resumable', isResumable(run)],
    ['prepared', isPrepared(run)],
    ['trained', isTrained(run)],
    ['report', hasReport(run)],
    ['vectors', hasVectors(run)],
    ['starred', run.labels.starred],
    ['unstarred', !run.labels.starred],
  ];
  return ['run', ...facts.filter(([, holds]) => holds).map(([token]) => token)].join(' ');
}
