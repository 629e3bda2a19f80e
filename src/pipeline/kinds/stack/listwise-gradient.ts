import { log } from '../../deterministic-math.ts';
import { ListwiseArea } from './listwise-area.ts';
import type { Units } from './spreads.ts';
import type { StackTable } from './stack-table.ts';
import { fillGates } from './stack-weights.ts';

/** Sums gradients of −log softmax(score of the target) by the weights. */
export class ListwiseGradient {
  readonly sum: Float64Array;
  /** Sum of the losses of the queries added. */
  loss = 0;
  private readonly table: StackTable;
  private readonly spreads: Float64Array;
  /** Queries × (gates + 1), in their units, the first of each 1. */
  private readonly gates: Float64Array;
  /** The first gates of each feature, as many as count. */
  private readonly open: number;
  private readonly area: ListwiseArea;

  /** @param counts 1 for each weight whose gradient is wanted or that may be other than 0; absent: all */
  constructor(table: StackTable, units: Units, counts?: Uint8Array) {
    const perFeature = table.gateCount + 1;
    const counting = (f: number): Uint8Array =>
      counts?.subarray(f * perFeature, (f + 1) * perFeature) ?? new Uint8Array(perFeature).fill(1);
    const features = Array.from({ length: table.width }, (_, f) => counting(f));
    this.table = table;
    this.spreads = units.features;
    this.gates = gatesOf(table, units);
    this.open = Math.max(1, ...features.map((own) => own.lastIndexOf(1) + 1));
    this.area = new ListwiseArea(table, (f) => features[f]?.includes(1) === true);
    this.sum = new Float64Array(table.width * perFeature);
  }

  clear(): void {
    this.sum.fill(0);
    this.loss = 0;
  }

  /** @param query one whose target is among its candidates */
  add(query: number, weights: Float64Array): void {
    const { area, sum, spreads, gates, open, table } = this;
    const { width, gateCount } = table;
    this.fillValues(query, weights);
    const { highest, total, own } = area.gradient(query, table.targets[query] ?? 0);
    this.loss += highest + log(total) - own;
    const first = query * (gateCount + 1);
    for (let f = 0, at = 0; f < width; f++, at += gateCount + 1) {
      const byFeature = (area.sums[f] ?? 0) / (spreads[f] ?? 1);
      for (let g = 0; g < open; g++) sum[at + g] = (sum[at + g] ?? 0) + byFeature * (gates[first + g] ?? 0);
    }
  }

  /** Rank of the target among the candidates, ties against it; 0: a miss. */
  rank(query: number, weights: Float64Array): number {
    const target = this.table.targets[query] ?? -1;
    if (target < 0) return 0;
    this.fillValues(query, weights);
    const scores = this.area.score(query);
    const own = scores[target] ?? 0;
    let rank = 0;
    for (const score of scores) if (score >= own) rank++;
    return rank;
  }

  /** The mean gradient, with the pull of weights towards where they started. */
  meanWithPull(
    queries: number,
    weights: Float64Array,
    start: Float64Array,
    pull: Float64Array,
  ): Float64Array {
    const { sum } = this;
    for (let w = 0; w < sum.length; w++)
      sum[w] = (sum[w] ?? 0) / queries + (pull[w] ?? 0) * ((weights[w] ?? 0) - (start[w] ?? 0));
    return sum;
  }

  /** What a unit of each feature is worth for a query. */
  private fillValues(query: number, weights: Float64Array): void {
    const { area, spreads, gates, open } = this;
    const perFeature = this.table.gateCount + 1;
    const first = query * perFeature;
    for (let f = 0, at = 0; f < spreads.length; f++, at += perFeature) {
      let value = 0;
      for (let g = 0; g < open; g++) value += (weights[at + g] ?? 0) * (gates[first + g] ?? 0);
      area.values[f] = value / (spreads[f] ?? 1);
    }
  }
}

function gatesOf({ targets, gates, gateCount }: StackTable, units: Units): Float64Array {
  const perFeature = gateCount + 1;
  const out = new Float64Array(targets.length * perFeature);
  for (let q = 0; q < targets.length; q++) {
    const raw = gates.subarray(q * gateCount, (q + 1) * gateCount);
    fillGates(units.gates, raw, out.subarray(q * perFeature, (q + 1) * perFeature));
  }
  return out;
}
