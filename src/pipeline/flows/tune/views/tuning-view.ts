/** How a tuning stands, computed from its run's files while it runs and after. */
import { formatStepPath } from '../../../../protocol/paths.ts';
import type { ModelSpec, RunManifest } from '../../../../protocol/run.ts';
import type { Shell } from '../../../../protocol/text/shell-words.ts';
import { TrialResult, TuningOutcome, type TrialView, type TuningView } from '../../../../protocol/tuning.ts';
import { messageOf } from '../../../../protocol/user-error.ts';
import { lineIn, wordsWith } from '../../../flow/command-words.ts';
import { secondsInUse } from '../../../flow/elapsed.ts';
import { locateArtifact } from '../../../flow/inputs.ts';
import { readArtifact } from '../../../flow/read-artifact.ts';
import { ownShell } from '../../../own-shell.ts';
import { readJson } from '../../../store/read-json.ts';
import type { RunFolder } from '../../../store/run-folder.ts';
import { shownState } from '../../../store/shown-state.ts';
import { givenOf } from '../../../flow/given-of.ts';
import { OUTCOME, TRIAL } from '../standing.ts';
import { trialSteps } from '../trial-steps.ts';
import { sharedParameters, tuneParameters } from '../tune-parameters.ts';
import { rungsOf, tuningPlan } from '../tuning-plan.ts';

interface Trial {
  readonly view: TrialView;
  readonly result: TrialResult | undefined;
}

/** A branch of one of the rungs. */
interface TrialTask {
  readonly step: string;
  readonly branch: ModelSpec;
  readonly path: string;
}

function readResult(run: RunFolder, { step, branch }: TrialTask): TrialResult | undefined {
  const file = locateArtifact(run, step, branch.name, TRIAL.result);
  return file === undefined ? undefined : readJson(file, TrialResult);
}

/** A branch of the first rung has its setting from the start, one of a later rung when it is done. */
function settingOf(
  manifest: RunManifest,
  { branch }: TrialTask,
  result: TrialResult | undefined,
): Pick<TrialView, 'trial' | 'parameters'> {
  if (result !== undefined) return { trial: result.trial, parameters: result.parameters };
  const planned = manifest.models.some(({ name }) => name === branch.name);
  return planned ? { trial: branch.name, parameters: branch.parameters } : {};
}

function viewTrial(run: RunFolder, manifest: RunManifest, task: TrialTask, rung: number): Trial {
  try {
    return viewReadable(run, manifest, task, rung);
  } catch (error) {
    const setting = settingOf(manifest, task, undefined);
    const view = { path: task.path, rung, state: 'damaged', ...setting, remark: messageOf(error) } as const;
    return { view, result: undefined };
  }
}

/** @throws UserError when one of its files cannot be read */
function viewReadable(run: RunFolder, manifest: RunManifest, task: TrialTask, rung: number): Trial {
  const state = run.stepState(task.path);
  const result = readResult(run, task);
  const remark = state?.reason ?? state?.failure?.message;
  const view = {
    path: task.path,
    rung,
    state: shownState(run, task.path, state),
    ...settingOf(manifest, task, result),
    ...(result === undefined ? {} : { estimate: result.estimate, seconds: result.seconds }),
    ...(remark === undefined ? {} : { remark }),
  };
  return { view, result };
}

function trialsOf(run: RunFolder, manifest: RunManifest): Trial[] {
  return rungsOf(manifest).flatMap(({ step }, rung) => {
    const branches = trialSteps.find(({ name }) => name === step)?.foreach?.(manifest) ?? [];
    return branches.map((branch) =>
      viewTrial(run, manifest, { step, branch, path: formatStepPath({ step, branch: branch.name }) }, rung),
    );
  });
}

/** The best of all that is measured; of equals, the one that was trained longest. */
function leader(trials: readonly Trial[]): Trial | undefined {
  const done = trials.flatMap(({ view, result }) => (result === undefined ? [] : [{ view, result }]));
  return done
    .toSorted((a, b) => b.view.rung - a.view.rung)
    .toSorted((a, b) => b.result.estimate.value - a.result.estimate.value)[0];
}

/** The words of the run that uses what was found: the same data and measures, and the winner's parameters. */
export function wordsOfOutcome(manifest: RunManifest, outcome: TuningOutcome): string[] {
  const given = givenOf(manifest, { parameters: tuneParameters });
  const measures = Object.entries(given).filter(([name]) => name in sharedParameters);
  return wordsWith('run', manifest, { ...Object.fromEntries(measures), ...outcome.options });
}

/**
 * @param run of the flow that searches parameters
 * @param shell that the command of the outcome is written for
 */
export function viewTuning(run: RunFolder, shell: Shell = ownShell()): TuningView {
  const manifest = run.manifest();
  const trials = trialsOf(run, manifest);
  const outcome = readArtifact(run, OUTCOME, TuningOutcome);
  const best = leader(trials);
  const winner = outcome?.winner ?? best?.view.path;
  const metric = outcome?.metric ?? best?.result?.metric;
  return {
    plan: tuningPlan(manifest),
    ...(metric === undefined ? {} : { metric }),
    trials: trials.map(({ view }) => view),
    ...(winner === undefined ? {} : { best: winner }),
    spent: secondsInUse(
      run,
      trials.map(({ view }) => view.path),
    ),
    ...(outcome === undefined
      ? {}
      : { outcome, command: lineIn(shell, ['recsys', ...wordsOfOutcome(manifest, outcome)]) }),
  };
}
