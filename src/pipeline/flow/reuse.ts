import * as fs from 'node:fs';
import * as path from 'node:path';
import type { StepState } from '../../protocol/step.ts';
import { UserError } from '../../protocol/user-error.ts';
import { TEMPORARY_MARK, renamePatiently, syncFolder } from '../store/atomic-file.ts';
import { linkOrCopy } from '../store/link-or-copy.ts';
import { makeFolder } from '../store/make-folder.ts';
import { hashFile } from '../store/file-hash.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { RunStore } from '../store/run-store.ts';
import type { FlowDefinition } from './flow-definition.ts';
import type { Task } from './plan.ts';

function artifactsPresent(run: RunFolder, step: string, state: StepState): boolean {
  return state.artifacts.every(({ file, bytes }) => {
    try {
      const stats = fs.lstatSync(path.join(run.stepFolder(step), file));
      return stats.isFile() && stats.size === bytes;
    } catch {
      return false;
    }
  });
}

/**
 * Whether a task is finished in a run, with the result this plan asks for and all its artifacts of the right size. A task
 * whose state is damaged is not: it is done anew.
 */
export function isFinished(run: RunFolder, task: Task): boolean {
  const state = run.usableStepState(task.path);
  return state?.state === 'succeeded' && state.key === task.key && artifactsPresent(run, task.path, state);
}

/** Whether a task ended without a result, as this plan asks for it. */
export function isSkipped(run: RunFolder, task: Task): boolean {
  const state = run.usableStepState(task.path);
  return state?.state === 'skipped' && state.key === task.key;
}

/** Undefined where there is no such file, or only a link to one elsewhere. */
async function hashOf(file: string): Promise<string | undefined> {
  const isFile = fs.lstatSync(file, { throwIfNoEntry: false })?.isFile() === true;
  return isFile ? hashFile(file).catch(() => undefined) : undefined;
}

/** The artifacts whose bytes no longer have the recorded hash. */
export async function damagedArtifacts(run: RunFolder, step: string): Promise<string[]> {
  const damaged: string[] = [];
  for (const artifact of run.stepState(step)?.artifacts ?? []) {
    const file = path.join(run.stepFolder(step), artifact.file);
    if ((await hashOf(file)) !== artifact.sha256) damaged.push(artifact.file);
  }
  return damaged;
}

/** @throws UserError when a finished step is not what this plan asks for, or its artifacts are not what they were */
export async function requireIntact(flow: FlowDefinition, run: RunFolder, task: Task): Promise<void> {
  const last = flow.commands.at(-1)?.name ?? flow.start.name;
  const hint = `Do it anew in a new run: recsys ${last} ${run.id} --from ${task.path}`;
  if (run.stepState(task.path)?.key !== task.key)
    throw new UserError(
      `Step '${task.path}' of run ${run.id} was finished by another version of RecSys.`,
      hint,
    );
  const damaged = await damagedArtifacts(run, task.path);
  if (damaged.length > 0)
    throw new UserError(
      `Step '${task.path}' of run ${run.id} is damaged: ${damaged.join(', ')} changed after it was written.`,
      hint,
    );
}

async function fillAdopted(from: RunFolder, step: string, making: string): Promise<void> {
  const source = from.stepFolder(step);
  const artifacts = (from.stepState(step)?.artifacts ?? []).map(({ file }) => file);
  for (const file of ['state.json', ...artifacts]) {
    makeFolder(path.dirname(path.join(making, file)));
    await linkOrCopy(path.join(source, file), path.join(making, file));
  }
  for (const log of ['events.ndjson', 'output.log']) {
    if (fs.existsSync(path.join(source, log)))
      await linkOrCopy(path.join(source, log), path.join(making, log));
  }
}

/**
 * Gives a run a finished step of another one. Finished files never change, so both runs share them as hard links:
 * either run can be deleted without harm to the other. The step's state keeps the id of the run that computed it.
 */
export async function adoptStep(from: RunFolder, to: RunFolder, step: string): Promise<void> {
  const target = to.stepFolder(step);
  const making = path.join(path.dirname(target), `${TEMPORARY_MARK}${path.basename(target)}-${process.pid}`);
  fs.rmSync(making, { recursive: true, force: true });
  makeFolder(making);
  try {
    await fillAdopted(from, step, making);
    await syncFolder(making);
    fs.rmSync(target, { recursive: true, force: true });
    await renamePatiently(making, target);
  } catch (error) {
    fs.rmSync(making, { recursive: true, force: true });
    throw error;
  }
  await syncFolder(path.dirname(target));
}

/**
 * Takes a task over from the newest other run that has finished one with the same key and undamaged artifacts.
 * @returns that run, or undefined when there is none
 */
export async function adoptShared(
  store: RunStore,
  run: RunFolder,
  task: Task,
): Promise<RunFolder | undefined> {
  for (const id of store.runIds()) {
    const other = store.run(id);
    if (id === run.id || !isFinishedQuietly(other, task)) continue;
    if ((await damagedArtifacts(other, task.path)).length > 0) continue;
    try {
      await adoptStep(other, run, task.path);
      return other;
    } catch (error) {
      // Someone deleted that run at this moment.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return undefined;
}

/** The same for another run: one with an unreadable state is no candidate, and no reason to fail. */
export function isFinishedQuietly(run: RunFolder, task: Task): boolean {
  try {
    return isFinished(run, task);
  } catch {
    return false;
  }
}
