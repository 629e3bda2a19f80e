import * as fs from 'node:fs';
import * as path from 'node:path';
import type { StepState } from '../../protocol/step.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { requireUnchanged } from '../store/check-artifact.ts';
import { secondsTaken } from '../store/seconds-taken.ts';
import type { FinishedBranch } from './step-context.ts';

function locateIn(run: RunFolder, stepPath: string, artifact: string): string | undefined {
  const state = run.stepState(stepPath);
  const found = state?.artifacts.find((candidate) => candidate.name === artifact);
  if (found === undefined) return undefined;
  const file = path.join(run.stepFolder(stepPath), found.file);
  requireUnchanged(file, found, state?.finished);
  return file;
}

/**
 * Path of an artifact of an earlier step, or of the branch of this name of an earlier foreach step.
 * @returns undefined when the step is not finished or made no such artifact
 * @throws UserError when it is not what was written
 */
export function locateArtifact(
  run: RunFolder,
  step: string,
  branch: string | undefined,
  artifact: string,
): string | undefined {
  return (
    locateIn(run, step, artifact) ??
    (branch === undefined ? undefined : locateIn(run, `${step}/${branch}`, artifact))
  );
}

/** @throws UserError when an artifact is not what was written */
function intactFolder(run: RunFolder, stepPath: string): string | undefined {
  const state = run.stepState(stepPath);
  if (state?.state !== 'succeeded') return undefined;
  const folder = run.stepFolder(stepPath);
  for (const artifact of state.artifacts)
    requireUnchanged(path.join(folder, artifact.file), artifact, state.finished);
  return folder;
}

/**
 * Folder of an earlier step, or of the branch of this name of an earlier foreach step, with all its artifacts as they were
 * written.
 * @returns undefined when the step is not finished
 * @throws UserError when an artifact is not what was written
 */
export function locateStepFolder(
  run: RunFolder,
  step: string,
  branch: string | undefined,
): string | undefined {
  return (
    intactFolder(run, step) ?? (branch === undefined ? undefined : intactFolder(run, `${step}/${branch}`))
  );
}

function branchNames(run: RunFolder, step: string): string[] {
  const folder = run.stepFolder(step);
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() && !entry.name.startsWith('.') ? [entry.name] : []));
}

/** A branch whose state cannot be read is one that failed, and does not take the others down. */
function readState(run: RunFolder, path: string): StepState | UserError | undefined {
  try {
    return run.stepState(path);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/**
 * Finished and failed branches of a foreach step, in the order they are named; skipped ones are neither.
 * @param names of all its branches
 */
export function findBranches(
  run: RunFolder,
  step: string,
  names: readonly string[],
): { finished: FinishedBranch[]; failed: { name: string; message: string }[] } {
  const present = new Set(branchNames(run, step));
  const finished: FinishedBranch[] = [];
  const failed: { name: string; message: string }[] = [];
  for (const name of names) {
    if (!present.has(name)) continue;
    const state = readState(run, `${step}/${name}`);
    if (state instanceof UserError) failed.push({ name, message: state.message });
    else if (state?.state === 'succeeded') {
      finished.push({
        name,
        metrics: state.metrics,
        warnings: state.warnings,
        seconds: secondsTaken(state) ?? 0,
        locate: (artifact) => locateIn(run, `${step}/${name}`, artifact),
        locateFolder: () => intactFolder(run, `${step}/${name}`) ?? run.stepFolder(`${step}/${name}`),
      });
    } else if (state !== undefined && state.state !== 'skipped')
      failed.push({ name, message: state.failure?.message ?? `it is ${state.state}` });
  }
  return { finished, failed };
}
