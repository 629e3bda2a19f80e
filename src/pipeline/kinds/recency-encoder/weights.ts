/** How the weights of an encoder's score that need no training are chosen on validation. */
import type { RankMetric } from '../../metrics/rank-metrics.ts';
import { chooseWeights, type CandidateTable, type WeightChoice } from '../fitting/candidate-table.ts';
import { gatherCandidates } from './gather-candidates.ts';
import { measureWeights, type MeasuredWeights } from './measure-weights.ts';
import type { WeightMeasuring } from './weight-measuring.ts';
import { WEIGHTS, type EncoderWeightName, type EncoderWeightValues } from './weight-parts.ts';

/** Times the candidates are gathered anew with the weights chosen so far. */
const GATHERINGS = 3;
const REPEAT_VALUES = [-20, -4, -2, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3];
const TREND_VALUES = [0, 0.1, 0.25, 0.5, 0.75, 1, 1.5];
const VALUES: Readonly<Record<EncoderWeightName, readonly number[]>> = {
  priorWeight: [0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 1, 1.5],
  trendWeight: TREND_VALUES,
  lateTrendWeight: TREND_VALUES,
  coldWeight: [-20, -4, -3, -2, -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5, 3, 4],
  repeatNewest: REPEAT_VALUES,
  repeatSecond: REPEAT_VALUES,
  repeatOlder: REPEAT_VALUES,
};

export interface WeightSearch extends WeightMeasuring {
  readonly start: EncoderWeightValues;
  /** Weights a person gave: they stay. */
  readonly fixed: ReadonlySet<string>;
  /** Once is enough where models are compared; otherwise candidates are gathered until nothing is gained. */
  readonly once: boolean;
}

/**
 * Chooses the weights on validation queries, training nothing. A table of candidates says what weights are worth as long as
 * they do not lift other items into the lists, so it is made anew with what was chosen, and exact ranks have the last word.
 */
export async function searchWeights(search: WeightSearch): Promise<MeasuredWeights> {
  const choices = choicesOf(search);
  const start = plainValues(search.start);
  const better = async (weights: EncoderWeightValues): Promise<EncoderWeightValues> =>
    choices.length === 0
      ? weights
      : chosenFrom(await gatherCandidates(search, weights), weights, choices, search.metric);
  if (search.once) return measureWeights(search, await better(start));
  let best = await measureWeights(search, start);
  for (let gathering = 0; gathering < GATHERINGS; gathering++) {
    const chosen = await better(best.chosen);
    if (sameWeights(chosen, best.chosen)) break;
    const next = await measureWeights(search, chosen);
    if (next.value <= best.value) break;
    best = next;
  }
  return best;
}

function chosenFrom(
  table: CandidateTable,
  weights: EncoderWeightValues,
  choices: readonly WeightChoice[],
  metric: RankMetric,
): EncoderWeightValues {
  const start = [1, ...WEIGHTS.map((name) => weights[name])];
  return valuesOf(chooseWeights(table, start, choices, metric).weights);
}

const sameWeights = (a: EncoderWeightValues, b: EncoderWeightValues): boolean =>
  WEIGHTS.every((name) => a[name] === b[name]);

/** The weights alone, of parameters that hold them among others. */
function plainValues(values: EncoderWeightValues): EncoderWeightValues {
  return valuesOf([1, ...WEIGHTS.map((name) => values[name])]);
}

function valuesOf(weights: readonly number[]): EncoderWeightValues {
  const [, priorWeight = 0, trendWeight = 0, lateTrendWeight = 0, coldWeight = 0, ...repeats] = weights;
  const [repeatNewest = 0, repeatSecond = 0, repeatOlder = 0] = repeats;
  return { priorWeight, trendWeight, lateTrendWeight, coldWeight, repeatNewest, repeatSecond, repeatOlder };
}

function choicesOf({ model, signals, sample, fixed }: WeightSearch): WeightChoice[] {
  const useless = (name: EncoderWeightName): boolean =>
    (sample.seenRemoved && name.startsWith('repeat')) ||
    (signals.trends === undefined && name.endsWith('rendWeight')) ||
    (model.recommended === model.trained && name === 'coldWeight');
  return WEIGHTS.flatMap((name, i) =>
    fixed.has(name) || useless(name) ? [] : [{ part: i + 1, values: VALUES[name] }],
  );
}
