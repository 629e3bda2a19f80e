import { exp, log } from '../src/pipeline/deterministic-math.ts';
import type { Units } from '../src/pipeline/kinds/stack/spreads.ts';
import type { StackTable } from '../src/pipeline/kinds/stack/stack-table.ts';
import { fillGates, sumFeatures } from '../src/pipeline/kinds/stack/stack-weights.ts';

/** The listwise gradient as a loop over float64 arrays: what the kernel is measured against. */
export class PlainListwise {
  readonly sum: Float64Array;
  /** Sum of the losses of the queries added. */
  loss = 0;
  private readonly table: StackTable;
  private readonly units: Units;
  private readonly gates: Float64Array;
  private readonly values: Float64Array;
  private readonly byFeature: Float64Array;
  private scores = new Float64Array(0);

  constructor(table: StackTable, units: Units) {
    this.table = table;
    this.units = units;
    this.gates = new Float64Array(table.gateCount + 1);
    this.values = new Float64Array(table.width);
    this.byFeature = new Float64Array(table.width);
    this.sum = new Float64Array(table.width * (table.gateCount + 1));
  }

  clear(): void {
    this.sum.fill(0);
    this.loss = 0;
  }

  /** @param query one whose target is among its candidates */
  add(query: number, weights: Float64Array): void {
    const target = this.table.targets[query] ?? 0;
    const count = this.score(query, weights);
    const { scores } = this;
    const own = scores[target] ?? 0;
    let highest = -Infinity;
    for (let i = 0; i < count; i++) highest = Math.max(highest, scores[i] ?? 0);
    let sum = 0;
    for (let i = 0; i < count; i++) sum += scores[i] = exp((scores[i] ?? 0) - highest);
    this.loss += highest + log(sum) - own;
    for (let i = 0; i < count; i++) scores[i] = (scores[i] ?? 0) / sum;
    scores[target] = (scores[target] ?? 0) - 1;
    this.collect(query, count);
  }

  /** Fills `scores`. @returns how many candidates there are */
  private score(query: number, weights: Float64Array): number {
    const { table, units, gates, values } = this;
    const { width, gateCount, features } = table;
    fillGates(units.gates, table.gates.subarray(query * gateCount, (query + 1) * gateCount), gates);
    for (let f = 0, at = 0; f < width; f++) {
      let sum = 0;
      for (let g = 0; g <= gateCount; g++, at++) sum += (weights[at] ?? 0) * (gates[g] ?? 0);
      values[f] = sum / (units.features[f] ?? 1);
    }
    const [from, to] = [table.bounds[query] ?? 0, table.bounds[query + 1] ?? 0];
    if (this.scores.length < to - from) this.scores = new Float64Array(2 * (to - from));
    sumFeatures(values, features, from * width, to * width, this.scores);
    return to - from;
  }

  /** Adds Σ over candidates of `scores` · x, times each gate. */
  private collect(query: number, count: number): void {
    const { table, units, byFeature, scores, gates, sum } = this;
    const { width, gateCount, features } = table;
    byFeature.fill(0);
    for (let i = 0, at = (table.bounds[query] ?? 0) * width; i < count; i++, at += width) {
      const error = scores[i] ?? 0;
      for (let f = 0; f < width; f++) byFeature[f] = (byFeature[f] ?? 0) + error * (features[at + f] ?? 0);
    }
    for (let f = 0, at = 0; f < width; f++) {
      const own = (byFeature[f] ?? 0) / (units.features[f] ?? 1);
      for (let g = 0; g <= gateCount; g++, at++) sum[at] = (sum[at] ?? 0) + own * (gates[g] ?? 0);
    }
  }
}
