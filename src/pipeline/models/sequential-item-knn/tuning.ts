import type { PreparedData } from '../../data/prepared-data.ts';
import { buildQueries, queryItems, targetOf, type QuerySet } from '../../metrics/queries.ts';
import { meanMetric, type RankMetric } from '../../metrics/rank-metrics.ts';
import { seedFor, shuffled } from '../../seeded-random.ts';
import { TopSelector } from '../top-selector.ts';
import { CoOccurrenceCounter } from './co-occurrence.ts';
import { lagWeights } from './lag-weights.ts';
import { sourceScale, targetScale } from './matrix.ts';
import type { Occurrences } from '../occurrences.ts';
import { TUNED, type KnnParameters } from './parameters.ts';

/** Additions one setting may cost; the number of validation queries follows from it. */
const WORK = 10_000_000;
const MOST_QUERIES = 25_000;

type Tuned = Pick<KnnParameters, (typeof TUNED)[number]>;
type Change = Partial<Tuned>;

const power = (fade: number): Change => ({ weighting: 'power', fade });
const geometric = (fade: number): Change => ({ weighting: 'geometric', fade });

/** One coordinate after the other; the dearest (a recount) last. */
const COORDINATES: readonly (readonly Change[])[] = [
  [power(0.5), power(0.75), power(1), power(1.5), power(2), geometric(0.5), geometric(0.6), geometric(0.7), geometric(0.8), geometric(0.9)],
  [0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6].map((gamma) => ({ gamma })),
  [0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1].map((alpha) => ({ alpha })),
  [1, 5, 10, 30].map((lambda) => ({ lambda })),
  [0.1, 0.2, 0.3, 0.5, 0.8].map((back) => ({ back })),
  [0.8, 0.9, 0.95].map((delta) => ({ delta })),
];

export interface TuningInput {
  readonly data: PreparedData;
  readonly index: Occurrences;
  readonly start: KnnParameters;
  /** Parameters the user gave: they stay. */
  readonly fixed: ReadonlySet<string>;
  readonly metric: RankMetric;
  readonly positions: string;
  readonly ties: Uint32Array;
  readonly seed: number;
  progress(done: number, total: number): Promise<void> | undefined;
}

export interface TuningResult {
  readonly parameters: KnnParameters;
  readonly value: number;
  readonly queries: number;
  readonly settings: number;
}

/** Chooses the parameters on validation queries, one coordinate after the other; the start wins ties. */
export async function tune(input: TuningInput): Promise<TuningResult> {
  const trial = new Trial(input);
  const coordinates = COORDINATES.map((changes) => changes.filter((c) => Object.keys(c).every((name) => !input.fixed.has(name))));
  const total = coordinates.reduce((sum, changes) => sum + changes.length, 1);
  let best = input.start;
  let value = trial.measure(best);
  let done = 1;
  for (const changes of coordinates) {
    const from = best;
    for (const change of changes) {
      const next = { ...from, ...change };
      if (!same(next, from)) {
        const measured = trial.measure(next);
        if (measured > value) {
          value = measured;
          best = next;
        }
      }
      await input.progress(++done, total);
    }
  }
  return { parameters: best, value, queries: trial.queryCount, settings: done };
}

function same(a: KnnParameters, b: KnnParameters): boolean {
  return TUNED.every((name) => a[name] === b[name]);
}

interface RawRows {
  readonly offsets: Uint32Array;
  readonly targets: Int32Array;
  readonly after: Float32Array;
  readonly before: Float32Array;
}

/** Measures settings on the same queries; keeps the counted rows those queries need while delta stays. */
class Trial {
  private readonly input: TuningInput;
  private readonly queries: QuerySet;
  private readonly chosen: Uint32Array;
  private readonly rowItems: Int32Array;
  private readonly rowOf: Int32Array;
  private readonly sums: Float64Array;
  private readonly touched: Int32Array;
  private rows: RawRows;
  /** 1 where the target stands in any row of the query; other queries are misses whatever the setting. */
  private reachable: Uint8Array;
  private merged: { back: number; values: Float32Array };
  private delta: number;

  constructor(input: TuningInput) {
    this.input = input;
    this.queries = buildQueries(input.data, 'validation', input.positions);
    const order = shuffled(this.queries.starts.length, seedFor(input.seed, 'knn-tuning'));
    this.sums = new Float64Array(input.index.itemCount);
    this.touched = new Int32Array(input.index.itemCount);
    this.chosen = this.affordable(order);
    this.rowOf = new Int32Array(input.index.itemCount).fill(-1);
    this.rowItems = this.neededRows();
    this.delta = input.start.delta;
    this.rows = this.countRows(this.delta);
    this.reachable = this.findReachable();
    this.merged = this.merge(input.start.back);
  }

  get queryCount(): number {
    return this.chosen.length;
  }

  measure(parameters: KnnParameters): number {
    if (parameters.delta !== this.delta) {
      this.delta = parameters.delta;
      this.rows = this.countRows(this.delta);
      this.reachable = this.findReachable();
      this.merged = this.merge(parameters.back);
    } else if (parameters.back !== this.merged.back) {
      this.merged = this.merge(parameters.back);
    }
    const ranks = this.ranks(parameters);
    return meanMetric(this.input.metric, ranks);
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
      ranks[i] = this.rankAmong(this.addRows(query, weights, source), query, targetOf(queries, q), toTarget);
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
      const row = this.rowOf[item] ?? -1;
      if (row < 0) continue;
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

  /** Pessimistic rank of the target among the summed candidates, 0 for a miss; clears the sums. */
  private rankAmong(count: number, query: Int32Array, target: number, toTarget: Float64Array): number {
    const { sums, touched } = this;
    if (this.input.data.layout.leaveOneOut) for (const item of query) sums[item] = 0;
    const score = (sums[target] ?? 0) * (toTarget[target] ?? 0);
    let rank = 0;
    for (let i = 0; i < count; i++) {
      const item = touched[i] ?? 0;
      if ((sums[item] ?? 0) * (toTarget[item] ?? 0) >= score) rank++;
      sums[item] = 0;
    }
    return score > 0 ? rank : 0;
  }

  /** As many queries in random order as the work of one setting allows, judged by the rows' size limit. */
  private affordable(order: Uint32Array): Uint32Array {
    let work = 0;
    let count = 0;
    const { history } = this.input.start;
    while (count < order.length && count < MOST_QUERIES && work < WORK) {
      const query = queryItems(this.queries, order[count] ?? 0);
      for (let at = Math.max(0, query.length - history); at < query.length; at++) work += this.rowSize(query[at] ?? 0);
      count++;
    }
    return order.subarray(0, count);
  }

  private rowSize(item: number): number {
    const { offsets } = this.input.index;
    const entries = ((offsets[item + 1] ?? 0) - (offsets[item] ?? 0)) * 20;
    return Math.min(entries, this.input.start.neighbours);
  }

  private neededRows(): Int32Array {
    const items: number[] = [];
    for (const q of this.chosen) {
      const query = queryItems(this.queries, q);
      for (let at = Math.max(0, query.length - this.input.start.history); at < query.length; at++) {
        const item = query[at] ?? 0;
        if ((this.rowOf[item] ?? -1) >= 0) continue;
        this.rowOf[item] = items.length;
        items.push(item);
      }
    }
    return Int32Array.from(items);
  }

  /** Counts the needed rows; keeps of each the strongest by the starting normalisation. */
  private countRows(delta: number): RawRows {
    const { index, start, ties } = this.input;
    const counter = new CoOccurrenceCounter(index, delta);
    const toTarget = targetScale(index, start.lambda, start.gamma);
    const selector = new TopSelector(ties);
    const scores = new Float64Array(index.itemCount);
    const offsets = new Uint32Array(this.rowItems.length + 1);
    const capacity = this.rowItems.length * start.neighbours;
    const targets = new Int32Array(capacity);
    const after = new Float32Array(capacity);
    const before = new Float32Array(capacity);
    let size = 0;
    this.rowItems.forEach((item, row) => {
      counter.load(item);
      for (let slot = 0; slot < counter.count; slot++) {
        const other = counter.touched[slot] ?? 0;
        scores[slot] = ((counter.after[other] ?? 0) + start.back * (counter.before[other] ?? 0)) * (toTarget[other] ?? 0);
      }
      const candidates = { items: counter.touched, scores, count: counter.count, slotOf: counter.touched };
      for (const slot of selector.selectSlots(candidates, start.neighbours)) {
        const other = counter.touched[slot] ?? 0;
        targets[size] = other;
        after[size] = counter.after[other] ?? 0;
        before[size] = counter.before[other] ?? 0;
        size++;
      }
      offsets[row + 1] = size;
    });
    return { offsets, targets: targets.subarray(0, size), after: after.subarray(0, size), before: before.subarray(0, size) };
  }

  private findReachable(): Uint8Array {
    const { queries, chosen, rows, rowOf } = this;
    const holds = (item: number, target: number): boolean => {
      const row = rowOf[item] ?? -1;
      return row >= 0 && rows.targets.subarray(rows.offsets[row] ?? 0, rows.offsets[row + 1] ?? 0).includes(target);
    };
    return Uint8Array.from(chosen, (q) => {
      const target = targetOf(queries, q);
      const newest = queryItems(queries, q).slice(-this.input.start.history);
      return newest.some((item) => holds(item, target)) ? 1 : 0;
    });
  }

  private merge(back: number): { back: number; values: Float32Array } {
    const { after, before } = this.rows;
    const values = new Float32Array(after.length);
    for (let i = 0; i < values.length; i++) values[i] = (after[i] ?? 0) + back * (before[i] ?? 0);
    return { back, values };
  }
}
