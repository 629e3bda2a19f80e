import type { QueryRule } from '../../../protocol/report.ts';
import { normaliseHeads } from './encoder-model.ts';

/** Weights of the lags under a query rule other than the model's own: all equal, or the newest item alone. */
function plainWeight(rule: QueryRule, lag: number): number {
  return rule === 'whole-list' || lag === 0 ? 1 : 0;
}

/** Makes unit query vectors h = unit(Σₖ wₖ ⊙ E[item k steps before the newest]) of lists of items, head by head. */
export class QueryEncoder {
  private readonly items: Float32Array;
  private readonly lagWeights: Float32Array;
  private readonly dimensions: number;
  private readonly rowOf: Int32Array;
  private readonly history: number;
  private readonly heads: number;

  /**
   * @param items E, rows × dimensions
   * @param lagWeights lags × dimensions
   * @param rowOf row of each item code, −1 where the model has none
   * @param heads as `EncoderModel` has them
   */
  constructor(
    items: Float32Array,
    lagWeights: Float32Array,
    dimensions: number,
    rowOf: Int32Array,
    heads = 1,
  ) {
    this.items = items;
    this.lagWeights = lagWeights;
    this.dimensions = dimensions;
    this.rowOf = rowOf;
    this.history = lagWeights.length / dimensions;
    this.heads = heads;
  }

  /**
   * Fills the first `dimensions` of `out` with the query's vector. Unknown items are passed over and take no lag, as in
   * training, where they do not stand in the sequences.
   * @returns false where no item is known
   */
  fill(query: Int32Array, rule: QueryRule, out: Float32Array): boolean {
    const { dimensions, history, rowOf } = this;
    const most = rule === 'last-item' ? 1 : history;
    const vector = out.subarray(0, dimensions);
    vector.fill(0);
    let lag = 0;
    for (let at = query.length - 1; at >= 0 && lag < most; at--) {
      const row = rowOf[query[at] ?? -1] ?? -1;
      if (row >= 0) this.add(row, lag++, rule, vector);
      else if (rule === 'last-item') break;
    }
    normaliseHeads(vector, dimensions, this.heads);
    return lag > 0;
  }

  private add(row: number, lag: number, rule: QueryRule, sum: Float32Array): void {
    const { items, lagWeights, dimensions } = this;
    const item = items.subarray(row * dimensions, (row + 1) * dimensions);
    if (rule === 'decayed-list') {
      const weights = lagWeights.subarray(lag * dimensions, (lag + 1) * dimensions);
      for (let d = 0; d < dimensions; d++) sum[d] = (sum[d] ?? 0) + (weights[d] ?? 0) * (item[d] ?? 0);
    } else {
      const weight = plainWeight(rule, lag);
      for (let d = 0; d < dimensions; d++) sum[d] = (sum[d] ?? 0) + weight * (item[d] ?? 0);
    }
  }
}
