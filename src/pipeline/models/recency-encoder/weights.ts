/** The weights of an encoder's score that need no training, and how they are chosen on validation. */
import type { Sequences } from '../../data/prepared-data.ts';
import { meanMetric, type RankMetric } from '../../metrics/rank-metrics.ts';
import { tieOrder } from '../../seeded-random.ts';
import { CandidateTable, chooseWeights, type WeightChoice } from '../candidate-table.ts';
import { recencyPrior, trend } from '../item-signals.ts';
import { Recommender } from '../recommend.ts';
import { TopSelector } from '../top-selector.ts';
import { sampleRanks, type ValidationSample } from '../validation-sample.ts';
import type { EncoderModel } from './encoder-model.ts';
import { encoderScorer, newestPlaces } from './scorer.ts';

/** The parameters that are weights, in the order of a candidate's parts; the first part, the cosine over τ, has weight 1. */
export const WEIGHTS = [
  'priorWeight',
  'trendWeight',
  'lateTrendWeight',
  'coldWeight',
  'repeatNewest',
  'repeatSecond',
  'repeatOlder',
] as const;
export type EncoderWeightName = (typeof WEIGHTS)[number];
export type EncoderWeightValues = Readonly<Record<EncoderWeightName, number>>;

const TREND_SHARE = 0.1;
const LATE_TREND_SHARE = 0.02;
/** Strongest candidates of a query that are kept, of the trained items and of the cold ones. */
const CANDIDATES = 600;
const COLD_CANDIDATES = 200;
/** Times the candidates are gathered anew with the weights chosen so far. */
const GATHERINGS = 3;
/** Queries scored at a time. */
const BLOCK = 16;
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

/** Signals by item code that do not depend on the query. */
export interface ItemSignals {
  readonly prior: Float64Array;
  /** Absent where the sequences are in no order of time. */
  readonly trends?: { readonly recent: Float64Array; readonly late: Float64Array };
}

export function itemSignals(sequences: Sequences, counts: Uint32Array, timeOrdered: boolean): ItemSignals {
  const prior = recencyPrior(sequences, counts);
  if (!timeOrdered) return { prior };
  const recent = trend(sequences, counts, TREND_SHARE);
  return { prior, trends: { recent, late: trend(sequences, counts, LATE_TREND_SHARE) } };
}

/** Each row's part of the score that does not depend on the query. */
export function biasOf(
  model: EncoderModel,
  signals: ItemSignals,
  weights: EncoderWeightValues,
): Float32Array {
  const { prior, trends } = signals;
  return Float32Array.from(model.items, (item, row) =>
    row >= model.trained
      ? weights.coldWeight
      : weights.priorWeight * (prior[item] ?? 0) +
        weights.trendWeight * (trends?.recent[item] ?? 0) +
        weights.lateTrendWeight * (trends?.late[item] ?? 0),
  );
}

export interface WeightSearch {
  readonly model: EncoderModel;
  readonly signals: ItemSignals;
  readonly sample: ValidationSample;
  readonly temperature: number;
  readonly start: EncoderWeightValues;
  /** Weights a person gave: they stay. */
  readonly fixed: ReadonlySet<string>;
  readonly metric: RankMetric;
  readonly trainCounts: Uint32Array;
  readonly seed: number;
  readonly deterministic: boolean;
  /** Once is enough where models are compared; otherwise candidates are gathered until nothing is gained. */
  readonly once: boolean;
  /** Called between stretches of work. */
  pause(): Promise<void>;
}

export interface FoundWeights {
  readonly chosen: EncoderWeightValues;
  /** Exact rank of each query's target with these weights, 0 for a miss. */
  readonly ranks: Int32Array;
  readonly value: number;
}

/**
 * Chooses the weights on validation queries, training nothing. A table of candidates says what weights are worth as long as
 * they do not lift other items into the lists, so it is made anew with what was chosen, and exact ranks have the last word.
 */
export async function searchWeights(search: WeightSearch): Promise<FoundWeights> {
  const choices = choicesOf(search);
  if (choices.length === 0) return measured(search, search.start);
  if (search.once) return measured(search, await chosenFrom(search, search.start, choices));
  let best = await measured(search, search.start);
  for (let gathering = 0; gathering < GATHERINGS; gathering++) {
    const next = await measured(search, await chosenFrom(search, best.chosen, choices));
    if (next.value <= best.value) break;
    best = next;
  }
  return best;
}

async function chosenFrom(
  search: WeightSearch,
  from: EncoderWeightValues,
  choices: readonly WeightChoice[],
): Promise<EncoderWeightValues> {
  const table = await candidateTable(search, from);
  const start = [1, ...WEIGHTS.map((name) => from[name])];
  return valuesOf(chooseWeights(table, start, choices, search.metric).weights);
}

function valuesOf(weights: readonly number[]): EncoderWeightValues {
  const [, priorWeight = 0, trendWeight = 0, lateTrendWeight = 0, coldWeight = 0, ...repeats] = weights;
  const [repeatNewest = 0, repeatSecond = 0, repeatOlder = 0] = repeats;
  return { priorWeight, trendWeight, lateTrendWeight, coldWeight, repeatNewest, repeatSecond, repeatOlder };
}

/** Exact ranks with given weights. */
async function measured(search: WeightSearch, values: EncoderWeightValues): Promise<FoundWeights> {
  const { model, signals, temperature, deterministic, trainCounts, sample, metric, seed } = search;
  const chosen = valuesOf([1, ...WEIGHTS.map((name) => values[name])]);
  const bias = biasOf(model, signals, chosen);
  const repeats = { newest: chosen.repeatNewest, second: chosen.repeatSecond, older: chosen.repeatOlder };
  const scorer = encoderScorer(model, { temperature, bias, repeats }, trainCounts.length, deterministic);
  const recommender = new Recommender({ scorer, trainCounts, seed });
  const ranks = await sampleRanks(recommender, sample, () => search.pause());
  scorer.dispose?.();
  return { chosen, ranks, value: meanMetric(metric, ranks) };
}

function choicesOf({ model, signals, sample, fixed }: WeightSearch): WeightChoice[] {
  const useless = (name: EncoderWeightName): boolean =>
    (sample.seenRemoved && name.startsWith('repeat')) ||
    (signals.trends === undefined && name.endsWith('rendWeight')) ||
    (model.items.length === model.trained && name === 'coldWeight');
  return WEIGHTS.flatMap((name, i) =>
    fixed.has(name) || useless(name) ? [] : [{ part: i + 1, values: VALUES[name] }],
  );
}

async function candidateTable(search: WeightSearch, weights: EncoderWeightValues): Promise<CandidateTable> {
  const { model, signals, sample, temperature, deterministic, trainCounts, seed } = search;
  const itemCount = trainCounts.length;
  const ties = tieOrder(itemCount, seed);
  const bias = biasOf(model, signals, weights);
  const repeats = { newest: 0, second: 0, older: 0 };
  const scorer = encoderScorer(model, { temperature, bias, repeats }, itemCount, deterministic);
  const rows = model.items.length;
  const rowOf = new Int32Array(itemCount).fill(-1);
  model.items.forEach((item, row) => (rowOf[item] = row));
  const table = new CandidateTable(WEIGHTS.length + 1);
  const selector = new TopSelector(ties);
  const out = new Float32Array(BLOCK * rows);
  const parts = new Float64Array(WEIGHTS.length + 1);
  for (let first = 0; first < sample.queries.length; first += BLOCK) {
    const queries = sample.queries.slice(first, first + BLOCK);
    const answered = scorer.score(queries, 'decayed-list', out);
    queries.forEach((query, q) => {
      const target = rowOf[sample.targets[first + q] ?? -1] ?? -1;
      const scores = out.subarray(q * rows, (q + 1) * rows);
      const places = newestPlaces(query, rowOf);
      if (answered[q] === 0 || target < 0 || (sample.seenRemoved && places.has(target))) {
        table.addMiss();
        return;
      }
      const add = (row: number): void => {
        fillParts(parts, search, row, (scores[row] ?? 0) - (bias[row] ?? 0), places.get(row));
        table.addCandidate(parts);
      };
      add(target);
      const addBest = (from: number, count: number, most: number): void => {
        const items = model.items.subarray(from);
        const part = { items, scores: scores.subarray(from, from + count), count, slotOf: rowOf };
        for (const slot of selector.selectSlots(part, most)) {
          const row = from + slot;
          if (row !== target && !places.has(row)) add(row);
        }
      };
      addBest(0, model.trained, CANDIDATES);
      if (rows > model.trained) addBest(model.trained, rows - model.trained, COLD_CANDIDATES);
      if (!sample.seenRemoved) for (const row of places.keys()) if (row !== target) add(row);
      table.endQuery();
    });
    if (first % (32 * BLOCK) === 0) await search.pause();
  }
  scorer.dispose?.();
  return table;
}

/** The parts of one row's score, as `WEIGHTS` orders them. */
function fillParts(
  parts: Float64Array,
  { model, signals }: WeightSearch,
  row: number,
  base: number,
  lag: number | undefined,
): void {
  parts.fill(0);
  parts[0] = base;
  const item = model.items[row] ?? 0;
  if (row >= model.trained) parts[4] = 1;
  else {
    parts[1] = signals.prior[item] ?? 0;
    parts[2] = signals.trends?.recent[item] ?? 0;
    parts[3] = signals.trends?.late[item] ?? 0;
  }
  if (lag !== undefined) parts[5 + Math.min(2, lag)] = 1;
}
