import type { QueryRule } from '../../../protocol/report.ts';
import { normalise } from '../../neighbours/normalise.ts';

/** Newest items of a list that count: as many as the longest history of the other kinds. */
const HISTORY = 1000;

/** Weight of the item k steps before the newest, by query rule: 1/lag for the decayed list. */
function weightOf(rule: QueryRule, k: number): number {
  return rule === 'decayed-list' ? 1 / (k + 1) : 1;
}

/**
 * Makes query vectors of lists of items: under `last-item` the unit vector of the newest item, otherwise the weighted
 * sum of the unit vectors of all known items among the newest `HISTORY`, scaled to length 1.
 */
export class QueryVectors {
  private readonly units: Float32Array;
  private readonly dimension: number;
  private readonly rowOf: Int32Array;
  private readonly sum: Float64Array;

  /** @param rowOf row of each item code, −1 where the model has no vector */
  constructor(units: Float32Array, dimension: number, rowOf: Int32Array) {
    this.units = units;
    this.dimension = dimension;
    this.rowOf = rowOf;
    this.sum = new Float64Array(dimension);
  }

  /** Fills `out` with the vector of one query; false where the rule finds no known item (`out` is then zero). */
  fill(query: Int32Array, rule: QueryRule, out: Float32Array): boolean {
    if (rule === 'last-item' || query.length === 1) return this.copy(query.at(-1) ?? -1, out);
    const { sum } = this;
    sum.fill(0);
    let known = false;
    for (let at = query.length - 1; at >= Math.max(0, query.length - HISTORY); at--) {
      const row = this.rowOf[query[at] ?? -1] ?? -1;
      if (row < 0) continue;
      this.add(row, weightOf(rule, query.length - 1 - at));
      known = true;
    }
    out.set(sum);
    normalise(out, this.dimension);
    return known;
  }

  /** Fills `out` with an item's own vector. */
  private copy(item: number, out: Float32Array): boolean {
    const { units, dimension } = this;
    const row = this.rowOf[item] ?? -1;
    for (let d = 0; d < dimension; d++) out[d] = row < 0 ? 0 : (units[row * dimension + d] ?? 0);
    return row >= 0;
  }

  private add(row: number, weight: number): void {
    const { sum, units, dimension } = this;
    const start = row * dimension;
    for (let d = 0; d < dimension; d++) sum[d] = (sum[d] ?? 0) + weight * (units[start + d] ?? 0);
  }
}
