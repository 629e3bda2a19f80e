/** The weights of a stack: a listwise softmax over each query's candidates, drawn towards where it started. */
import { exp, log } from '../../deterministic-math.ts';
import { seedFor, shuffled } from '../../seeded-random.ts';
import { featureSpreads, gateSpreads, type Spread } from './spreads.ts';
import type { StackTable } from './stack-table.ts';
import { fillGates, sumFeatures } from './stack-weights.ts';

const BATCH = 64;
const LEARNING_RATE = 0.02;
const [BETA1, BETA2, EPSILON] = [0.9, 0.99, 1e-8];
const EPOCHS = 12;
const LEAST_STEPS = 800;
/** Standard deviation that weights are expected to have around where they start; of gates. */
const [SIGMA, SIGMA_FEW, SIGMA_GATE] = [0.1, 0.05, 0.05];
/** Fewer queries with their target among the candidates are few. */
const FEW = 1000;

/** The units of the features and gates of a table. */
export interface Units {
  readonly features: Float64Array;
  readonly gates: readonly Spread[];
}

export function unitsOf(table: StackTable): Units {
  return { features: featureSpreads(table), gates: gateSpreads(table) };
}

export interface FitRequest {
  readonly table: StackTable;
  readonly units: Units;
  /** Queries to fit on. */
  readonly queries: Uint32Array;
  /** Where each weight starts, and what it is drawn to: features × (gates + 1). */
  readonly start: Float64Array;
  /** 1 for each weight that may move. */
  readonly free: Uint8Array;
  readonly seed: number;
  readonly pause: () => Promise<void>;
}

/**
 * Minimises −mean log softmax(score of the target) + Σ (W − W₀)² / (2 n σ²) by Adam (Kingma & Ba 2015) over minibatches.
 * @returns features × (gates + 1)
 */
export async function fitWeights(request: FitRequest): Promise<Float64Array> {
  const { table, start, free, seed, pause } = request;
  const queries = request.queries.filter((q) => (table.targets[q] ?? -1) >= 0);
  const weights = start.slice();
  if (queries.length === 0) return weights;
  const batches = Math.ceil(queries.length / BATCH);
  const epochs = Math.max(EPOCHS, Math.ceil(LEAST_STEPS / batches));
  const adam = new Adam(weights, free, epochs * batches);
  const listwise = new ListwiseGradient(table, request.units);
  const pull = pullsOf(weights.length, table.gateCount + 1, queries.length);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = shuffled(queries.length, seedFor(seed, `stack ${epoch}`));
    for (let first = 0; first < order.length; first += BATCH) {
      const batch = order.subarray(first, first + BATCH);
      listwise.clear();
      for (const place of batch) listwise.add(queries[place] ?? 0, weights);
      adam.step(listwise.meanWithPull(batch.length, weights, start, pull));
    }
    await pause();
  }
  return weights;
}

/** 1/(n σ²) of each weight. */
function pullsOf(count: number, perFeature: number, queries: number): Float64Array {
  const own = queries < FEW ? SIGMA_FEW : SIGMA;
  return Float64Array.from(
    { length: count },
    (_, at) => 1 / (queries * (at % perFeature === 0 ? own : SIGMA_GATE) ** 2),
  );
}

/** Sums gradients of −log softmax(score of the target) by the weights. */
export class ListwiseGradient {
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

  /** Rank of the target among the candidates, ties against it; 0: a miss. */
  rank(query: number, weights: Float64Array): number {
    const target = this.table.targets[query] ?? -1;
    if (target < 0) return 0;
    const count = this.score(query, weights);
    const own = this.scores[target] ?? 0;
    let rank = 0;
    for (let i = 0; i < count; i++) if ((this.scores[i] ?? 0) >= own) rank++;
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

/** Adam with a learning rate that falls linearly to nothing. */
class Adam {
  private readonly weights: Float64Array;
  private readonly free: Uint8Array;
  private readonly steps: number;
  private readonly mean: Float64Array;
  private readonly squares: Float64Array;
  private done = 0;
  private decay1 = 1;
  private decay2 = 1;

  constructor(weights: Float64Array, free: Uint8Array, steps: number) {
    this.weights = weights;
    this.free = free;
    this.steps = steps;
    this.mean = new Float64Array(weights.length);
    this.squares = new Float64Array(weights.length);
  }

  step(gradient: Float64Array): void {
    const { weights, free, mean, squares } = this;
    const rate = LEARNING_RATE * (1 - this.done++ / this.steps);
    this.decay1 *= BETA1;
    this.decay2 *= BETA2;
    for (let w = 0; w < weights.length; w++) {
      if (free[w] !== 1) continue;
      const own = gradient[w] ?? 0;
      const m = (mean[w] = BETA1 * (mean[w] ?? 0) + (1 - BETA1) * own);
      const v = (squares[w] = BETA2 * (squares[w] ?? 0) + (1 - BETA2) * own * own);
      const size = Math.sqrt(v / (1 - this.decay2)) + EPSILON;
      weights[w] = (weights[w] ?? 0) - (rate * m) / (1 - this.decay1) / size;
    }
  }
}
