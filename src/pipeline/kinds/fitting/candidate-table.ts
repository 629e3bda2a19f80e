/**
 * Validation queries with their strongest candidates and, for each, the parts its score is a weighted sum of. Weights are
 * chosen on it in milliseconds each, because nothing is scored anew.
 */
import { gainOf, meanMetric, type RankMetric } from '../../metrics/rank-metrics.ts';
import { ValueCounts } from './value-counts.ts';

export class CandidateTable {
  readonly parts: number;
  /** Parts of all candidates, query after query, the target first. */
  private values: Float32Array;
  private readonly bounds: number[] = [0];
  private size = 0;
  private misses = 0;

  constructor(parts: number) {
    this.parts = parts;
    this.values = new Float32Array(1 << 20);
  }

  /** Number of queries, those that no weights can answer included. */
  get queries(): number {
    return this.bounds.length - 1 + this.misses;
  }

  /** A query whose target can not be recommended: a miss whatever the weights. */
  addMiss(): void {
    this.misses++;
  }

  /** Adds one candidate to the query at hand; the first is the target. */
  addCandidate(values: ArrayLike<number>): void {
    if (this.size + this.parts > this.values.length) {
      const grown = new Float32Array(this.values.length * 2);
      grown.set(this.values);
      this.values = grown;
    }
    for (let p = 0; p < this.parts; p++) this.values[this.size++] = values[p] ?? 0;
  }

  endQuery(): void {
    this.bounds.push(this.size);
  }

  /** Mean of a metric under the given weights; ties are pessimistic. */
  measure(weights: ArrayLike<number>, metric: RankMetric): number {
    const ranks = new Int32Array(this.queries);
    for (let q = 0; q + 1 < this.bounds.length; q++) ranks[q] = this.rank(q, weights);
    return meanMetric(metric, ranks);
  }

  /**
   * What `measure` gives with each of some values in the place of one weight. Whether a candidate stands before the target
   * is a matter of one straight line over the weight, so all values together cost little more than one.
   */
  measureEach(
    weights: ArrayLike<number>,
    part: number,
    values: readonly number[],
    metric: RankMetric,
  ): number[] {
    const gains = gainOf(metric);
    const counts = new ValueCounts(values);
    const sums = new Float64Array(values.length);
    for (let q = 0; q + 1 < this.bounds.length; q++) {
      if (!this.countAhead(q, weights, part, counts, gains.length - 1)) continue;
      for (let v = 0; v < sums.length; v++) sums[v] = (sums[v] ?? 0) + (gains[1 + counts.of(v)] ?? 0);
    }
    return Array.from(sums, (sum) => (this.queries === 0 ? 0 : sum / this.queries));
  }

  /**
   * Counts for each value how many candidates are not below the target.
   * @returns false where at least `limit` are, whatever the value, or the target has no score
   */
  private countAhead(
    query: number,
    weights: ArrayLike<number>,
    part: number,
    counts: ValueCounts,
    limit: number,
  ): boolean {
    const { values, parts } = this;
    const start = this.bounds[query] ?? 0;
    const end = this.bounds[query + 1] ?? 0;
    const own = values[start + part] ?? 0;
    const ownRest = this.sumWithout(start, weights, part);
    if (!Number.isFinite(own + ownRest)) return false;
    counts.clear();
    for (let at = start + parts; at < end; at += parts) {
      counts.addNotNegative(this.sumWithout(at, weights, part) - ownRest, (values[at + part] ?? 0) - own);
      if (counts.always >= limit) return false;
    }
    counts.finish();
    return true;
  }

  /** Score of the candidate at `at` but for one part. */
  private sumWithout(at: number, weights: ArrayLike<number>, part: number): number {
    const { values, parts } = this;
    let sum = 0;
    for (let p = 0; p < part; p++) sum += (weights[p] ?? 0) * (values[at + p] ?? 0);
    for (let p = part + 1; p < parts; p++) sum += (weights[p] ?? 0) * (values[at + p] ?? 0);
    return sum;
  }

  private rank(query: number, weights: ArrayLike<number>): number {
    const { values, parts } = this;
    const end = this.bounds[query + 1] ?? 0;
    let target = 0;
    let rank = 0;
    for (let at = this.bounds[query] ?? 0; at < end; at += parts) {
      let score = 0;
      for (let p = 0; p < parts; p++) score += (weights[p] ?? 0) * (values[at + p] ?? 0);
      if (rank === 0) target = score;
      if (score >= target) rank++;
    }
    return rank;
  }
}

/** Values a weight may take. */
export interface WeightChoice {
  readonly part: number;
  readonly values: readonly number[];
}

export interface ChosenWeights {
  readonly weights: readonly number[];
  readonly value: number;
}

/**
 * Chooses weights one after the other, in rounds until nothing changes; what stands wins ties, so a weight only moves
 * where validation speaks for it.
 */
export function chooseWeights(
  table: CandidateTable,
  start: readonly number[],
  choices: readonly WeightChoice[],
  metric: RankMetric,
  rounds = 3,
): ChosenWeights {
  let weights = [...start];
  let value = table.measure(weights, metric);
  for (let round = 0; round < rounds; round++) {
    const before = value;
    for (const { part, values } of choices) {
      const measured = table.measureEach(weights, part, values, metric);
      values.forEach((candidate, v) => {
        const reached = measured[v] ?? 0;
        if (candidate === weights[part] || reached <= value) return;
        value = reached;
        weights = weights.with(part, candidate);
      });
    }
    if (value === before) break;
  }
  return { weights, value };
}
