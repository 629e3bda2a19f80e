/**
 * Validation queries with their strongest candidates and, for each, the parts its score is a weighted sum of. Weights are
 * chosen on it in milliseconds each, because nothing is scored anew.
 */
import { meanMetric, type RankMetric } from '../metrics/rank-metrics.ts';

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
      for (const candidate of values) {
        if (candidate === weights[part]) continue;
        const next = weights.with(part, candidate);
        const measured = table.measure(next, metric);
        if (measured > value) {
          value = measured;
          weights = next;
        }
      }
    }
    if (value === before) break;
  }
  return { weights, value };
}
