/** The rungs as steps: explore tries every setting, each later one the best of the one before it. */
import * as fs from 'node:fs/promises';
import type { ModelSpec, RunManifest } from '../../../protocol/run.ts';
import { writeNpy } from '../../data/npy.ts';
import type { StepDefinition } from '../../flow/flow-definition.ts';
import { Skipped } from '../../flow/skipped.ts';
import type { StepContext } from '../../flow/step-context.ts';
import { modelKind } from '../../kinds/registry.ts';
import { versionOfKind } from '../next-item/train/train-step.ts';
import { branchOf } from '../next-item/branch-of.ts';
import { QUERY_PARAMETERS } from '../next-item/evaluate/held-out-queries.ts';
import { preparedInput } from '../next-item/prepared-input.ts';
import { withoutTest } from './blind-data.ts';
import { clockedSteps, requireTime } from './budget.ts';
import { measureTrial } from './measure-trial.ts';
import { promoted, RUNG_STEPS, type Rung } from './rungs.ts';
import { standingsOf, TRIAL } from './standing.ts';
import { trialName } from './tune-plan.ts';
import { rungsOf, shortened, tunedKind } from './tuning-plan.ts';

/** The branch of the last rung that trains what a run without tuning would, so that the two can be compared. */
const START = 'start';

function placeName(index: number): string {
  return `place-${index + 1}`;
}

/** Branches of a rung. Those of later ones are places, filled by how the trials of the rung before stand. */
function branchesOf(step: string, manifest: RunManifest): ModelSpec[] {
  const rungs = rungsOf(manifest);
  const rung = rungs.find((candidate) => candidate.step === step);
  if (rung === undefined) return [];
  const kind = tunedKind(manifest);
  if (rung === rungs[0]) return manifest.models.map((trial) => shortened(kind, trial, rung.share));
  const names = Array.from({ length: rung.places }, (_, index) => placeName(index));
  if (rung.share === 1) names.push(START);
  const parameters = { share: rung.share };
  return names.map((name) => ({ name, kind: kind.name, parameters, given: [] }));
}

interface Place {
  readonly rungs: readonly Rung[];
  readonly rung: Rung;
  readonly before: Rung;
}

/** The best results of the rung before that go on. */
async function promotedTrials(context: StepContext, { rung, before }: Place): Promise<string[]> {
  const standings = await standingsOf(context, before.step);
  const going = Math.min(rung.places, promoted(standings.length));
  return standings.slice(0, going).map(({ result }) => result.trial);
}

/**
 * The setting a branch of a later rung is to train.
 * @throws Skipped when there is none for it
 */
async function trialFor(context: StepContext, branch: ModelSpec, place: Place): Promise<ModelSpec> {
  const going = await promotedTrials(context, place);
  const start = trialName(0);
  if (branch.name === START && going.includes(start))
    throw new Skipped(`${start} is among the best, so it is trained as one of them`);
  const index = going.findIndex((_, i) => placeName(i) === branch.name);
  const name = branch.name === START ? start : going[index];
  const trial = context.manifest.models.find((candidate) => candidate.name === name);
  if (trial === undefined)
    throw new Skipped(`${place.before.step} has results for ${going.length} places only`);
  return shortened(tunedKind(context.manifest), trial, place.rung.share);
}

/** Whether a branch runs however little time is left: without it its rung would be empty, or not comparable. */
function alwaysRuns(name: string): boolean {
  return [trialName(0), placeName(0), START].includes(name);
}

async function runTrial(step: string, context: StepContext): Promise<void> {
  const branch = branchOf(context);
  const rungs = rungsOf(context.manifest);
  const at = rungs.findIndex((rung) => rung.step === step);
  const [rung, before] = [rungs[at], rungs[at - 1]];
  if (rung === undefined) throw new Error(`this run has no rung '${step}'`);
  const trial = before === undefined ? branch : await trialFor(context, branch, { rungs, rung, before });
  if (!alwaysRuns(branch.name)) requireTime(context, rungs, step);
  const data = withoutTest(await preparedInput(context));
  const { result, ranks } = await measureTrial(context, trial, data);
  const { metric, estimate } = result;
  context.metric(metric, estimate.value);
  context.metric('trial', Number(result.trial.replace(/\D+/, '')));
  context.reporter.info(
    `${result.trial}: ${metric} ${estimate.value.toFixed(4)} (${estimate.low.toFixed(4)} to ${estimate.high.toFixed(4)}) on validation`,
  );
  await context.write(TRIAL.ranks, 'ranks.npy', (file) => writeNpy(file, ranks));
  await context.write(TRIAL.result, 'trial.json', (file) =>
    fs.writeFile(file, `${JSON.stringify(result, null, 1)}\n`),
  );
}

function rungStep({ step, title }: (typeof RUNG_STEPS)[number], before: readonly string[]): StepDefinition {
  return {
    name: step,
    title,
    needs: ['prepare', ...before],
    joins: before,
    foreach: (manifest) => branchesOf(step, manifest),
    uses: ['model', ...QUERY_PARAMETERS, 'deterministic', 'selectBy'],
    version: '5',
    branchVersion: versionOfKind,
    shared: false,
    parallel: (branch) => branch !== undefined && modelKind(branch.kind).parallel,
    clocked: clockedSteps,
    weight: (branch) => Number(branch?.parameters['share'] ?? 1 / 3) * 9,
    run: (context) => runTrial(step, context),
  };
}

/** A step for each rung; those that a run has no use for have no branches. */
export const trialSteps: readonly StepDefinition[] = RUNG_STEPS.map((rung, index) =>
  rungStep(
    rung,
    RUNG_STEPS.slice(0, index).map(({ step }) => step),
  ),
);
