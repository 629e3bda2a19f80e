import { readFileSync } from 'node:fs';
import path from 'node:path';
import { distDir } from '../../../src/pipeline/dist-dir.ts';
import {
  DRAWS,
  instantiateEncoder,
  type EncoderKernel,
} from '../../../src/pipeline/kinds/recency-encoder/kernel.ts';
import {
  planEncoderMemory,
  type EncoderPlan,
} from '../../../src/pipeline/kinds/recency-encoder/memory-plan.ts';
import { fillMemory, type EncoderTraining } from '../../../src/pipeline/kinds/recency-encoder/train.ts';
import {
  buildTrainingSet,
  type TrainingSet,
} from '../../../src/pipeline/kinds/recency-encoder/training-set.ts';
import { seededRandom } from '../support/tiny-data.ts';
import type { EncoderModel, Example, Sampling } from './encoder-reference.ts';
import { flatten } from './word2vec-harness.ts';

const TRAINING: EncoderTraining = {
  dimensions: 16,
  negatives: 12,
  batchSize: 8,
  history: 6,
  epochs: 1,
  temperature: 0.1,
  fades: [0, 0.5, 1, 2],
  rowNegatives: 0.5,
  learningRate: 0.02,
  lagRate: 0.003,
  itemDropout: 0,
  queryDropout: 0,
  maskedHistory: 0,
};

/** The kernel on a small training set, with every part of its memory in reach. */
export interface EncoderBench {
  readonly kernel: EncoderKernel;
  readonly set: TrainingSet;
  readonly plan: EncoderPlan;
  readonly training: EncoderTraining;
  readonly buffer: ArrayBufferLike;
}

export interface EncoderBenchOptions {
  readonly training?: Partial<EncoderTraining>;
  readonly relaxed?: boolean;
  readonly seed?: number;
}

function kernelBytes(relaxed: boolean): Uint8Array<ArrayBuffer> {
  const file = relaxed ? 'encoder.relaxed.wasm' : 'encoder.wasm';
  return new Uint8Array(readFileSync(path.join(distDir(), 'kernels', file)));
}

export const knowsRelaxedSimd = (): boolean => WebAssembly.validate(kernelBytes(true));

/** Lays out memory with the trainer's own functions and fills E with the kernel's. */
export async function openEncoder(
  sequences: readonly (readonly number[])[],
  options: EncoderBenchOptions = {},
): Promise<EncoderBench> {
  const training = { ...TRAINING, ...options.training };
  const flat = flatten(sequences);
  const itemCount = flat.items.reduce((a, b) => Math.max(a, b), 0) + 1;
  const set = await buildTrainingSet(flat, itemCount, { minCount: 1, skipRepeats: false });
  const items = set.vocabulary.items.length;
  const size = { items, tokens: set.tokens.length, positions: set.positions.length, threads: 1 };
  const plan = planEncoderMemory(size, training);
  const memory = new WebAssembly.Memory({ initial: plan.pages, maximum: plan.pages, shared: true });
  fillMemory(memory.buffer, plan, { set, training, seed: options.seed ?? 5, threads: 1 });
  const module = new WebAssembly.Module(kernelBytes(options.relaxed === true));
  const kernel = instantiateEncoder(module, memory);
  kernel.configure(plan.settings[0] ?? 0);
  kernel.fillVectors(0, items, training.dimensions);
  return { kernel, set, plan, training, buffer: memory.buffer };
}

function rows(buffer: ArrayBufferLike, at: number, count: number, apart: number, length: number): number[][] {
  return Array.from({ length: count }, (_, row) => [...new Float32Array(buffer, at + row * apart, length)]);
}

export type MatrixName = 'weights' | 'first moments';

/** E, D and the lag weights, or their first moments of Adam, with their padding when asked. */
export function modelOf(bench: EncoderBench, what: MatrixName = 'weights', padded = false): EncoderModel {
  const { plan, set, training, buffer } = bench;
  const length = padded ? plan.vectorBytes / 4 : training.dimensions;
  const items = set.vocabulary.items.length;
  const moments = what === 'first moments';
  return {
    items: rows(buffer, moments ? plan.itemFirst : plan.items, items, plan.rowBytes, length),
    offsets: rows(buffer, moments ? plan.offsetFirst : plan.offsets, items, plan.rowBytes, length),
    lagWeights: rows(
      buffer,
      moments ? plan.lagFirst : plan.lagWeights,
      training.history,
      plan.vectorBytes,
      length,
    ),
  };
}

/** Gives D reproducible values other than 0, and the lags weights that differ from dimension to dimension. */
export function spreadModel({ plan, set, training, buffer }: EncoderBench): void {
  const random = seededRandom(77);
  const { dimensions } = training;
  set.vocabulary.items.forEach((_, row) => {
    const offsets = new Float32Array(buffer, plan.offsets + row * plan.rowBytes, dimensions);
    offsets.forEach((_value, d) => (offsets[d] = 0.2 * random() - 0.1));
  });
  for (let lag = 0; lag < training.history; lag++) {
    const weights = new Float32Array(buffer, plan.lagWeights + lag * plan.vectorBytes, dimensions);
    weights.forEach((value, d) => (weights[d] = value * (0.8 + 0.4 * random())));
  }
}

const words = (bench: EncoderBench, draw: number, length: number): number[] => [
  ...new Int32Array(bench.buffer, bench.kernel.drawsAt(draw), length),
];

/** Negatives of the last batch. */
export const negativesOf = (bench: EncoderBench): number[] =>
  words(bench, DRAWS.negatives, bench.training.negatives);

/** How the negatives of a batch are drawn. */
export const samplingOf = ({ set, training }: EncoderBench): Sampling => ({
  counts: [...set.vocabulary.counts],
  drawnRows: Math.floor(training.rowNegatives * training.negatives),
});

/** Tokens that were targets of the last batch of `count` positions. */
export const positionsOf = (bench: EncoderBench, count: number): number[] =>
  words(bench, DRAWS.positions, count);

/** Examples of the last batch, read from the sequences but for what was drawn. */
export function examplesOf(bench: EncoderBench, count: number): Example[] {
  const { set, training, plan, buffer, kernel } = bench;
  const counts = words(bench, DRAWS.historyCounts, count);
  const lags = words(bench, DRAWS.historyLags, count * training.history);
  const token = (at: number): number => set.tokens[at] ?? -1;
  return positionsOf(bench, count).map((position, b) => {
    const before = position - (set.starts[position] ?? 0);
    const first = b * training.history;
    const keptAt = kernel.drawsAt(DRAWS.keptDimensions) + b * plan.vectorBytes;
    return {
      target: token(position),
      history: lags
        .slice(first, first + (counts[b] ?? 0))
        .map((lag) => ({ item: token(position - 1 - lag), lag })),
      known: Array.from({ length: Math.min(before, training.maskedHistory) }, (_, lag) =>
        token(position - 1 - lag),
      ),
      ...(training.queryDropout > 0
        ? { kept: [...new Float32Array(buffer, keptAt, training.dimensions)] }
        : {}),
    };
  });
}

/** Sum of the losses of all positions trained so far, and their number. */
export function lossOf({ buffer, plan }: EncoderBench): { sum: number; count: number } {
  const [sum = NaN, count = NaN] = new Float64Array(buffer, plan.stats[0] ?? 0, 2);
  return { sum, count };
}
