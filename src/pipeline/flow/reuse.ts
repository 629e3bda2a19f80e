import * as fs from 'node:fs';
import * as path from 'node:path';
import type { StepState } from '../../protocol/step.ts';
import { TEMPORARY_MARK, syncFolder } from '../store/atomic-file.ts';
import { hashFile } from '../store/file-hash.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { RunStore } from '../store/run-store.ts';
import type { Task } from './plan.ts';

function artifactsPresent(run: RunFolder, step: string, state: StepState): boolean {
  return state.artifacts.every(({ file, bytes }) => {
    try {
      return fs.statSync(path.join(run.stepFolder(step), file)).size === bytes;
    } catch {
      return false;
    }
  });
}

/** Whether a task is finished in a run, with the result this plan asks for and all its artifacts of the right size. */
export function isFinished(run: RunFolder, task: Task): boolean {
  const state = run.stepState(task.path);
  return state?.state === 'succeeded' && state.key === task.key && artifactsPresent(run, task.path, state);
}

/** The artifacts whose bytes no longer have the recorded hash. */
export async function damagedArtifacts(run: RunFolder, step: string): Promise<string[]> {
  const damaged: string[] = [];
  for (const artifact of run.stepState(step)?.artifacts ?? []) {
    const file = path.join(run.stepFolder(step), artifact.file);
    const hash = await hashFile(file).catch(() => undefined);
    if (hash !== artifact.sha256) damaged.push(artifact.file);
  }
  return damaged;
}

function linkOrCopy(from: string, to: string): void {
  try {
    fs.linkSync(from, to);
  } catch {
    // Another file system, or one without hard links.
    fs.copyFileSync(from, to);
  }
}

/**
 * Gives a run a finished step of another one. Finished files never change, so both runs share them as hard links:
 * either run can be deleted without harm to the other. The step's state keeps the id of the run that computed it.
 */
export async function adoptStep(from: RunFolder, to: RunFolder, step: string): Promise<void> {
  const source = from.stepFolder(step);
  const target = to.stepFolder(step);
  const making = path.join(path.dirname(target), `${TEMPORARY_MARK}${path.basename(target)}-${process.pid}`);
  fs.rmSync(making, { recursive: true, force: true });
  fs.mkdirSync(making, { recursive: true });
  const state = from.stepState(step);
  const files = [
    'state.json',
    'events.ndjson',
    'output.log',
    ...(state?.artifacts ?? []).map(({ file }) => file),
  ];
  for (const file of files) {
    if (fs.existsSync(path.join(source, file))) linkOrCopy(path.join(source, file), path.join(making, file));
  }
  fs.rmSync(target, { recursive: true, force: true });
  fs.renameSync(making, target);
  await syncFolder(path.dirname(target));
}

/** The newest run, other than `run`, that has finished a task with the same key and undamaged artifacts. */
export async function findFinished(
  store: RunStore,
  run: RunFolder,
  task: Task,
): Promise<RunFolder | undefined> {
  for (const id of store.runIds()) {
    const other = store.run(id);
    if (id === run.id || !finishedQuietly(other, task)) continue;
    if ((await damagedArtifacts(other, task.path)).length === 0) return other;
  }
  return undefined;
}

/** A run with an unreadable state is no candidate, and no reason to fail. */
function finishedQuietly(run: RunFolder, task: Task): boolean {
  try {
    return isFinished(run, task);
  } catch {
    return false;
  }
}
