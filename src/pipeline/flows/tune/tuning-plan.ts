/** What a tuning set out to do, read back from its manifest. */
import type { ParameterValue } from '../../../protocol/parameters.ts';
import type { ModelSpec, RunManifest } from '../../../protocol/run.ts';
import type { TuningAxis, TuningPlan } from '../../../protocol/tuning.ts';
import type { Choice, Distribution, Range, SearchSpace } from '../../kinds/fitting/search-space.ts';
import { planRungs, type Rung } from './rungs.ts';
import { fixedOf, requireTunable, searchedSpace, trialName } from './tune-plan.ts';
import type { TunableKind } from './tune-parameters.ts';

/** The kind that is tuned. */
export function tunedKind({ parameters }: RunManifest): TunableKind {
  return requireTunable(String(parameters['model']));
}

/** Whether a length is known: 0 leaves it to the kind. */
function isWhole(length: ParameterValue | undefined): length is number {
  return typeof length === 'number' && length >= 1;
}

/** The rungs of a run: one, where the kind's training has no length or its length is the kind's own affair. */
export function rungsOf(manifest: RunManifest): Rung[] {
  const { length } = tunedKind(manifest).search;
  const measured =
    length !== undefined && manifest.models.slice(1).every((trial) => isWhole(trial.parameters[length]));
  return planRungs(manifest.models.length, measured && manifest.parameters['strategy'] !== 'random');
}

/** A setting with its training cut to a share; one whose length is the kind's own affair is trained whole in any rung. */
export function shortened(kind: TunableKind, trial: ModelSpec, share: number): ModelSpec {
  const { length } = kind.search;
  if (length === undefined || share === 1) return trial;
  const whole = trial.parameters[length];
  if (!isWhole(whole)) return trial;
  return { ...trial, parameters: { ...trial.parameters, [length]: Math.max(1, Math.round(whole * share)) } };
}

function spaceOf(manifest: RunManifest): SearchSpace {
  const kind = tunedKind(manifest);
  const { parameters, given } = manifest;
  return searchedSpace(kind, String(parameters['search'] ?? ''), fixedOf(kind, parameters, given));
}

function axisOf(name: string, distribution: Choice | Range): TuningAxis {
  if (distribution.type === 'choice') return { type: 'choice', name, values: [...distribution.values] };
  const { low, high, log } = distribution;
  return { type: 'range', name, low, high, log };
}

/** Cases share an axis that spans all of them. */
function flat(distribution: Distribution): Choice | Range | undefined {
  if (distribution.type !== 'cases') return distribution;
  const cases = Object.values(distribution.cases);
  const ranges = cases.flatMap((one) => (one.type === 'choice' ? [] : [one]));
  const [first] = ranges;
  if (first === undefined || ranges.length < cases.length) return cases[0];
  const low = Math.min(...ranges.map((range) => range.low));
  return { ...first, low, high: Math.max(...ranges.map((range) => range.high)), log: first.log && low > 0 };
}

/** The whole plan, as cards and tables show it. */
export function tuningPlan(manifest: RunManifest): TuningPlan {
  const kind = tunedKind(manifest);
  const rungs = rungsOf(manifest);
  const minutes = Number(manifest.parameters['minutes'] ?? 0);
  const axes = Object.entries(spaceOf(manifest)).flatMap(([name, distribution]) => {
    const range = flat(distribution);
    return range === undefined ? [] : [axisOf(name, range)];
  });
  return {
    kind: kind.name,
    title: kind.title,
    strategy: rungs.length > 1 ? 'halving' : 'random',
    trials: manifest.models.length,
    ...(minutes > 0 ? { minutes } : {}),
    ...(rungs.length > 1 && kind.search.length !== undefined ? { length: kind.search.length } : {}),
    rungs,
    axes,
    start: trialName(0),
  };
}
