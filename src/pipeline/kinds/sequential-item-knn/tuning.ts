import { buildQueries, queryItems, targetOf, type QuerySet } from '../../metrics/queries.ts';
import { meanMetric } from '../../metrics/rank-metrics.ts';
import { seedFor, shuffled } from '../../seeded-random.ts';
import { searchCoordinates, type CoordinateSearch } from '../fitting/coordinate-search.ts';
import type { CountTuning, TunedCounts } from '../fitting/count-tuning.ts';
import type { Occurrences } from '../fitting/occurrences.ts';
import { differentItems } from '../ranking/seen-items.ts';
import { CountedRows } from './counted-rows.ts';
import { lagWeights } from './lag-weights.ts';
import { sourceScale, targetScale } from './matrix.ts';
import type { TUNED } from './parameters.ts';
import { type KnnParameters } from './parameters.ts';

/** Additions one setting may cost; the number of validation queries follows from it. */
const WORK = 9_000_000;

type Tuned = Pick<KnnParameters, (typeof TUNED)[number]>;
type Change = Partial<Tuned>;

const power = (fade: number): Change => ({ weighting: 'power', fade });
const geometric = (fade: number): Change => ({ weighting: 'geometric', fade });

/** Where fewer targets stand in their own query, pairs of an item with itself are not worth a recount. */
const LEAST_REPEATS = 0.01;

/** Tried first, and only where the ranking keeps seen items and targets repeat: all else depends on it. */
const WITH_SELF: readonly Change[] = [{ self: true }];

/** Only where the ranking keeps seen items. */
const REPEAT: readonly Change[] = [0, 0.3, 2].map((repeat) => ({ repeat }));

/** How older items fade, and how much frequent items are held down. */
const READINGS: readonly (readonly Change[])[] = [
  [
    power(0.5),
    power(0.75),
    power(1),
    power(1.5),
    power(2.5),
    geometric(0.3),
    geometric(0.5),
    geometric(0.6),
    geometric(0.7),
    geometric(0.9),
  ],
  [0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5].map((gamma) => ({ gamma })),
];

const deltas = (values: readonly number[]): readonly Change[] => values.map((delta) => ({ delta }));

/**
 * One coordinate after the other; the dearest (a recount) late. Only where near pairs alone turn out to count are nearer
 * ones tried, and how counts are read once more.
 */
const coordinatesFrom = (start: Tuned): CoordinateSearch<Tuned>['groups'] => [
  ...READINGS,
  [0.2, 0.3, 0.5, 0.6, 0.8].map((alpha) => ({ alpha })),
  [1, 5, 30].map((lambda) => ({ lambda })),
  [0, 0.1, 0.2, 0.5, 0.8].map((back) => ({ back })),
  deltas([0.8, 0.95]),
  ({ delta }) => (delta < start.delta ? deltas([0.2, 0.4, 0.6]) : []),
  ...READINGS.map(
    (changes) =>
      ({ delta }: Tuned) =>
        delta < start.delta ? changes : [],
  ),
];

type TuningInput = CountTuning<Occurrences, KnnParameters>;

/** Chooses the parameters on validation queries, one coordinate after the other; the start wins ties. */
export async function tune(input: TuningInput): Promise<TunedCounts<KnnParameters>> {
  const trial = new Trial(input);
  const { start, fixed, validation } = input;
  const groups = [
    ...(trial.targetsRepeat ? [WITH_SELF] : []),
    ...(validation.seen === 'removed' ? [] : [REPEAT]),
    ...coordinatesFrom(start),
  ];
  const found = await searchCoordinates<KnnParameters>({
    ...{ start, groups, fixed },
    measure: (parameters) => trial.measure(parameters),
    progress: (done, total) => input.progress(done, total),
  });
  return { ...found, queries: trial.queryCount };
}

/** Measures settings on the same queries; keeps the counted rows those queries need while delta stays. */
class Trial {
  private readonly input: TuningInput;
  private readonly queries: QuerySet;
  private readonly chosen: Uint32Array;
  private readonly sums: Float64Array;
  private readonly touched: Int32Array;
  private rows: CountedRows;
  /** 1 where the target stands in any row of the query; other queries are misses whatever the setting. */
  private reachable: Uint8Array;
  private merged: { back: number; values: Float32Array };

  constructor(input: TuningInput) {
    this.input = input;
    const { data, positions, seed } = input.validation;
    this.queries = buildQueries(data, 'validation', positions, input.validation);
    this.sums = new Float64Array(input.index.itemCount);
    this.touched = new Int32Array(input.index.itemCount);
    this.rows = this.rowsFor(input.start);
    this.chosen = this.affordable(shuffled(this.queries.targets.length, seedFor(seed, 'knn-tuning')));
    this.reachable = Uint8Array.from(this.chosen, (q) => (this.isReachable(q) ? 1 : 0));
    this.merged = { back: input.start.back, values: this.rows.merged(input.start.back) };
  }

  get queryCount(): number {
    return this.chosen.length;
  }

  /** Whether some targets stand in their own query, in a ranking that keeps these. */
  get targetsRepeat(): boolean {
    if (this.input.validation.seen === 'removed') return false;
    const repeats = this.chosen.filter((q) =>
      queryItems(this.queries, q).includes(targetOf(this.queries, q)),
    );
    return repeats.length > LEAST_REPEATS * this.chosen.length;
  }

  measure(parameters: KnnParameters): number {
    const { delta, back, self } = parameters;
    if (delta !== this.rows.delta || self !== this.rows.self) {
      this.rows = this.rowsFor(parameters);
      this.reachable = Uint8Array.from(this.chosen, (q) => (this.isReachable(q) ? 1 : 0));
      this.merged = { back, values: this.rows.merged(back) };
    } else if (back !== this.merged.back) {
      this.merged = { back, values: this.rows.merged(back) };
    }
    return meanMetric(this.input.metric, this.ranks(parameters));
  }

  private rowsFor(counted: Pick<KnnParameters, 'delta' | 'self'>): CountedRows {
    return new CountedRows(this.input.index, this.input.start, counted, this.input.ties);
  }

  private ranks(parameters: KnnParameters): Int32Array {
    const { queries, chosen, reachable } = this;
    const weights = lagWeights(parameters);
    const source = sourceScale(this.input.index, parameters.alpha);
    const toTarget = targetScale(this.input.index, parameters.lambda, parameters.gamma);
    const ranks = new Int32Array(chosen.length);
    for (let i = 0; i < ranks.length; i++) {
      if (reachable[i] === 0) continue;
      const q = chosen[i] ?? 0;
      const query = queryItems(queries, q);
      const count = this.addRows(query, weights, source);
      this.scaleSeen(query, parameters.repeat);
      ranks[i] = this.rankAmong(count, targetOf(queries, q), toTarget);
    }
    return ranks;
  }

  /** Sums the weighted rows of a query's items; returns how many entries of `touched` hold its candidates. */
  private addRows(query: Int32Array, weights: Float64Array, source: Float64Array): number {
    const { sums, touched, rows, merged } = this;
    const { targets } = rows;
    const { values } = merged;
    let count = 0;
    const lags = Math.min(weights.length, query.length);
    for (let k = 0; k < lags; k++) {
      const item = query[query.length - 1 - k] ?? 0;
      const row = rows.row(item);
      const factor = (weights[k] ?? 0) * (source[item] ?? 0);
      const end = rows.offsets[row + 1] ?? 0;
      for (let at = rows.offsets[row] ?? 0; at < end; at++) {
        const share = factor * (values[at] ?? 0);
        if (share === 0) continue;
        const target = targets[at] ?? 0;
        const sum = sums[target] ?? 0;
        if (sum === 0) touched[count++] = target;
        sums[target] = sum + share;
      }
    }
    return count;
  }

  /** What is removed from the ranking is as good as nothing. */
  private scaleSeen(query: Int32Array, repeat: number): void {
    const factor = this.input.validation.seen === 'removed' ? 0 : repeat;
    if (factor === 1) return;
    for (const item of differentItems(query)) this.sums[item] = (this.sums[item] ?? 0) * factor;
  }

  /** Pessimistic rank of the target among the summed candidates, 0 for a miss; clears the sums. */
  private rankAmong(count: number, target: number, toTarget: Float64Array): number {
    const { sums, touched } = this;
    const score = (sums[target] ?? 0) * (toTarget[target] ?? 0);
    let rank = 0;
    for (let i = 0; i < count; i++) {
      const item = touched[i] ?? 0;
      if ((sums[item] ?? 0) * (toTarget[item] ?? 0) >= score) rank++;
      sums[item] = 0;
    }
    return score > 0 ? rank : 0;
  }

  /** Items of a query that count, as far as the longest history of any setting. */
  private newest(q: number): Int32Array {
    const query = queryItems(this.queries, q);
    return query.subarray(Math.max(0, query.length - this.input.start.history));
  }

  private isReachable(q: number): boolean {
    const target = targetOf(this.queries, q);
    let reachable = false;
    for (const item of this.newest(q)) if (this.rows.entries(item).includes(target)) reachable = true;
    return reachable;
  }

  /** As many queries in random order as the work of one setting allows. */
  private affordable(order: Uint32Array): Uint32Array {
    let work = 0;
    let count = 0;
    while (count < order.length && work < WORK) {
      const q = order[count] ?? 0;
      if (this.isReachable(q)) for (const item of this.newest(q)) work += this.rows.entries(item).length;
      count++;
    }
    return order.subarray(0, count);
  }
}
