/** How a tuning stands, computed from its run's files while it runs and after. */
import type { RunManifest } from '../../protocol/run.ts';
import type { Shell } from '../../protocol/shell-words.ts';
import { TrialResult, TuningOutcome, type TrialView, type TuningView } from '../../protocol/tuning.ts';
import { messageOf } from '../../protocol/user-error.ts';
import { secondsInUse } from '../flow/elapsed.ts';
import type { FlowDefinition, TuningAddress } from '../flow/flow-definition.ts';
import { locateArtifact } from '../flow/inputs.ts';
import { planRun, type Task } from '../flow/plan.ts';
import { givenOf } from '../flows/given-parameters.ts';
import { ownShell } from '../own-shell.ts';
import { flowOf } from '../flows/registry.ts';
import { readJson } from '../store/read-json.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { lineIn, wordsWith } from './command-line.ts';
import { shownState } from './shown-state.ts';

interface Trial {
  readonly view: TrialView;
  readonly result: TrialResult | undefined;
}

function readResult(run: RunFolder, task: Task, artifact: string): TrialResult | undefined {
  const file = locateArtifact(run, task.step.name, task.branch?.name, artifact);
  return file === undefined ? undefined : readJson(file, TrialResult);
}

/** A branch of the first rung has its setting from the start, one of a later rung when it is done. */
function settingOf(
  manifest: RunManifest,
  { branch }: Task,
  result: TrialResult | undefined,
): Pick<TrialView, 'trial' | 'parameters'> {
  if (result !== undefined) return { trial: result.trial, parameters: result.parameters };
  const planned = manifest.models.some(({ name }) => name === branch?.name);
  return planned && branch !== undefined ? { trial: branch.name, parameters: branch.parameters } : {};
}

function viewTrial(run: RunFolder, manifest: RunManifest, task: Task, rung: number, artifact: string): Trial {
  try {
    return viewReadable(run, manifest, task, rung, artifact);
  } catch (error) {
    const setting = settingOf(manifest, task, undefined);
    const view = { path: task.path, rung, state: 'damaged', ...setting, remark: messageOf(error) } as const;
    return { view, result: undefined };
  }
}

/** @throws UserError when one of its files cannot be read */
function viewReadable(
  run: RunFolder,
  manifest: RunManifest,
  task: Task,
  rung: number,
  artifact: string,
): Trial {
  const state = run.stepState(task.path);
  const result = readResult(run, task, artifact);
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

function trialsOf(
  run: RunFolder,
  manifest: RunManifest,
  flow: FlowDefinition,
  tuning: TuningAddress,
): Trial[] {
  const { rungs } = tuning.plan(manifest);
  const tasks = planRun(flow, manifest, flow.steps.at(-1)?.name ?? '');
  return tasks.flatMap((task) => {
    const rung = rungs.findIndex(({ step }) => step === task.step.name);
    return rung < 0 ? [] : [viewTrial(run, manifest, task, rung, tuning.trial)];
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
export function wordsOfOutcome(
  manifest: RunManifest,
  flow: FlowDefinition,
  tuning: TuningAddress,
  outcome: TuningOutcome,
): string[] {
  const measures = Object.entries(givenOf(manifest)).filter(([name]) => flow.measures.includes(name));
  return wordsWith(tuning.command, manifest, { ...Object.fromEntries(measures), ...outcome.options });
}

/**
 * @param shell that the command of the outcome is written for
 * @returns undefined for a run that tunes nothing
 */
export function viewTuning(run: RunFolder, shell: Shell = ownShell()): TuningView | undefined {
  const manifest = run.manifest();
  const flow = flowOf(manifest.flow);
  const { tuning } = flow.shows;
  if (tuning === undefined) return undefined;
  const trials = trialsOf(run, manifest, flow, tuning);
  const file = locateArtifact(run, tuning.outcome.step, undefined, tuning.outcome.artifact);
  const outcome = file === undefined ? undefined : readJson(file, TuningOutcome);
  const best = leader(trials);
  const winner = outcome?.winner ?? best?.view.path;
  const metric = outcome?.metric ?? best?.result?.metric;
  return {
    plan: tuning.plan(manifest),
    ...(metric === undefined ? {} : { metric }),
    trials: trials.map(({ view }) => view),
    ...(winner === undefined ? {} : { best: winner }),
    spent: secondsInUse(
      run,
      trials.map(({ view }) => view.path),
    ),
    ...(outcome === undefined
      ? {}
      : { outcome, command: lineIn(shell, ['recsys', ...wordsOfOutcome(manifest, flow, tuning, outcome)]) }),
  };
}
