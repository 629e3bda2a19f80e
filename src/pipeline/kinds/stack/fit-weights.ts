/** The weights of a stack: a listwise softmax over each query's candidates, drawn towards where it started. */
import { seedFor, shuffled } from '../../seeded-random.ts';
import { ListwiseGradient } from './listwise-gradient.ts';
import type { Units } from './spreads.ts';
import type { StackTable } from './stack-table.ts';

const BATCH = 64;
const LEARNING_RATE = 0.02;
const [BETA1, BETA2, EPSILON] = [0.9, 0.99, 1e-8];
const EPOCHS = 12;
const LEAST_STEPS = 800;

export interface FitRequest {
  readonly table: StackTable;
  readonly units: Units;
  /** Queries to fit on. */
  readonly queries: Uint32Array;
  /** Where each weight starts, and what it is drawn to: features × (gates + 1). */
  readonly start: Float64Array;
  /** Standard deviation that each weight is expected to have around where it starts; 0: it may not move. */
  readonly sigmas: Float64Array;
  readonly seed: number;
  readonly pause: () => Promise<void>;
}

/**
 * Minimises −mean log softmax(score of the target) + Σ (W − W₀)² / (2 n σ²) by Adam (Kingma & Ba 2015) over minibatches.
 * @returns features × (gates + 1)
 */
export async function fitWeights(request: FitRequest): Promise<Float64Array> {
  const { table, start, sigmas, seed, pause } = request;
  const queries = request.queries.filter((q) => (table.targets[q] ?? -1) >= 0);
  const weights = start.slice();
  if (queries.length === 0) return weights;
  const batches = Math.ceil(queries.length / BATCH);
  const epochs = Math.max(EPOCHS, Math.ceil(LEAST_STEPS / batches));
  const adam = new Adam(weights, sigmas, epochs * batches);
  const listwise = new ListwiseGradient(table, request.units, counting(start, sigmas));
  const pull = sigmas.map((sigma) => (sigma === 0 ? 0 : 1 / (queries.length * sigma * sigma)));
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

/** Weights that are or may become other than 0. */
function counting(start: Float64Array, sigmas: Float64Array): Uint8Array {
  return Uint8Array.from(start, (value, at) => (sigmas[at] !== 0 || value !== 0 ? 1 : 0));
}

/** Adam with a learning rate that falls linearly to nothing. */
class Adam {
  private readonly weights: Float64Array;
  private readonly sigmas: Float64Array;
  private readonly steps: number;
  private readonly mean: Float64Array;
  private readonly squares: Float64Array;
  private done = 0;
  private decay1 = 1;
  private decay2 = 1;

  constructor(weights: Float64Array, sigmas: Float64Array, steps: number) {
    this.weights = weights;
    this.sigmas = sigmas;
    this.steps = steps;
    this.mean = new Float64Array(weights.length);
    this.squares = new Float64Array(weights.length);
  }

  step(gradient: Float64Array): void {
    const { weights, sigmas, mean, squares } = this;
    const rate = LEARNING_RATE * (1 - this.done++ / this.steps);
    this.decay1 *= BETA1;
    this.decay2 *= BETA2;
    for (let w = 0; w < weights.length; w++) {
      if (sigmas[w] === 0) continue;
      const own = gradient[w] ?? 0;
      const m = (mean[w] = BETA1 * (mean[w] ?? 0) + (1 - BETA1) * own);
      const v = (squares[w] = BETA2 * (squares[w] ?? 0) + (1 - BETA2) * own * own);
      const size = Math.sqrt(v / (1 - this.decay2)) + EPSILON;
      weights[w] = (weights[w] ?? 0) - (rate * m) / (1 - this.decay1) / size;
    }
  }
}
