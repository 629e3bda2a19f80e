/** What may be done with a run, from its view. */
import * as path from 'node:path';
import type { RunRow } from '../../protocol/run-row.ts';
import type { StepView } from '../../protocol/run-view.ts';

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

/** Whether the best model is trained on all rows too, for use. */
export function isOnEverything({ best, everything = [] }: RunRow): boolean {
  return best !== undefined && everything.includes(best);
}

/** A run that does nothing now, whose best model can be trained on all rows; a tuning's cannot. */
export function canTrainOnEverything(run: RunRow): boolean {
  return hasReport(run) && run.tunes === undefined && !isRunning(run);
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
    ['refittable', canTrainOnEverything(run)],
    ['starred', run.labels.starred],
    ['unstarred', !run.labels.starred],
  ];
  return ['run', ...facts.filter(([, holds]) => holds).map(([token]) => token)].join(' ');
}

type LeftModel = Pick<StepView, 'state' | 'artifacts'>;

const hasArtifact = ({ artifacts }: LeftModel, name: string): boolean =>
  artifacts.some((artifact) => artifact.name === name);

/** Whether a step or a branch left a model. */
export function hasModel(view: LeftModel): boolean {
  return view.state === 'succeeded' && hasArtifact(view, 'model');
}

/** Whether that model has vectors. */
export function isEmbedding(view: LeftModel): boolean {
  return hasModel(view) && hasArtifact(view, 'vectors');
}

/** Words by which menus recognise a branch. */
export function branchTokens(view: LeftModel): string {
  const facts: [string, boolean][] = [
    ['model', hasModel(view)],
    ['embedding', isEmbedding(view)],
  ];
  return ['step branch', ...facts.filter(([, holds]) => holds).map(([token]) => token)].join(' ');
}
