import { readFileSync } from 'node:fs';
import path from 'node:path';
import { distDir } from '../../../src/pipeline/dist-dir.ts';
import { instantiate } from '../../../src/pipeline/kinds/prod2vec/kernel.ts';
import type { Word2vecKernel } from '../../../src/pipeline/kinds/prod2vec/kernel.ts';
import { groupingOf, planMemory } from '../../../src/pipeline/kinds/prod2vec/memory-plan.ts';
import type { Grouping, MemoryPlan } from '../../../src/pipeline/kinds/prod2vec/memory-plan.ts';
import { PROD2VEC_PARAMETERS } from '../../../src/pipeline/kinds/prod2vec/parameters.ts';
import type { Prod2vecParameters } from '../../../src/pipeline/kinds/prod2vec/parameters.ts';
import {
  allocate,
  fillMemory,
  longestSequence,
  writeThreadSettings,
} from '../../../src/pipeline/kinds/prod2vec/training-memory.ts';
import { buildVocabulary } from '../../../src/pipeline/kinds/fitting/vocabulary.ts';
import type { Vocabulary } from '../../../src/pipeline/kinds/fitting/vocabulary.ts';
import { defaultsOf } from '../../../src/protocol/parameters.ts';

export const SEED = 7;

/** A kernel on a small corpus, with every part of its memory in reach. */
export interface Bench {
  readonly kernel: Word2vecKernel;
  readonly plan: MemoryPlan;
  readonly parameters: Prod2vecParameters;
  readonly vocabulary: Vocabulary;
  readonly u32: (at: number, length: number) => Uint32Array;
  readonly f32: (at: number, length: number) => Float32Array;
  /** One row of a matrix, without padding. */
  readonly row: (matrix: number, row: number) => Float32Array;
}

export interface BenchOptions {
  readonly parameters: Partial<Prod2vecParameters>;
  readonly grouping?: Grouping;
  readonly relaxed?: boolean;
  readonly stripes?: number;
}

export function flatten(sentences: readonly (readonly number[])[]): {
  items: Int32Array;
  offsets: Uint32Array;
} {
  const offsets = [0];
  for (const sentence of sentences) offsets.push((offsets.at(-1) ?? 0) + sentence.length);
  return { items: Int32Array.from(sentences.flat()), offsets: Uint32Array.from(offsets) };
}

/** Lays out memory with the trainer's own functions and fills tables and vectors with the kernel's. */
export async function openBench(
  sentences: readonly (readonly number[])[],
  options: BenchOptions,
): Promise<Bench> {
  const parameters = { ...defaultsOf(PROD2VEC_PARAMETERS), minCount: 1, sample: 0, ...options.parameters };
  const sequences = flatten(sentences);
  const itemCount = sequences.items.reduce((a, b) => Math.max(a, b), 0) + 1;
  const vocabulary = await buildVocabulary(sequences, itemCount, parameters.minCount);
  const grouping = options.grouping ?? groupingOf(parameters);
  const size = {
    rows: vocabulary.items.length,
    tokens: vocabulary.total,
    sequences: sentences.length,
    longest: longestSequence(sequences),
    threads: 1,
  };
  const plan = planMemory(size, parameters, grouping);
  const memory = allocate(plan);
  await fillMemory(memory.buffer, plan, sequences, vocabulary);
  writeThreadSettings(memory.buffer, plan, size.rows, parameters, grouping, SEED, options.stripes ?? 1);
  const file = path.join(
    distDir(),
    'kernels',
    options.relaxed === true ? 'word2vec.relaxed.wasm' : 'word2vec.wasm',
  );
  const kernel = instantiate(new WebAssembly.Module(readFileSync(file)), memory);
  kernel.configure(plan.settings[0] ?? 0);
  kernel.fillSigmoids();
  kernel.fillCumulative(plan.counts, parameters.nsExponent);
  if (parameters.sample > 0) kernel.fillKeep(plan.counts, parameters.sample * vocabulary.total);
  kernel.fillVectors();
  const f32 = (at: number, length: number): Float32Array => new Float32Array(memory.buffer, at, length);
  return {
    kernel,
    plan,
    parameters,
    vocabulary,
    f32,
    u32: (at, length) => new Uint32Array(memory.buffer, at, length),
    row: (matrix, row) => f32(matrix + row * plan.rowBytes, parameters.vectorSize),
  };
}

/** Both matrices as plain rows, in double precision. */
export function weightsOf({ row, plan, vocabulary }: Bench): { input: number[][]; output: number[][] } {
  const rows = (matrix: number): number[][] =>
    Array.from(vocabulary.items, (_, index) => Array.from(row(matrix, index)));
  return { input: rows(plan.inputVectors), output: rows(plan.outputVectors) };
}

/** Sets all weights to reproducible values so large that some dot products pass 6. */
export function spreadWeights(bench: Bench, scale: number): void {
  let state = 12345;
  const next = (): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state / 2 ** 31 - 1;
  };
  bench.vocabulary.items.forEach((_, index) => {
    for (const matrix of [bench.plan.inputVectors, bench.plan.outputVectors]) {
      const row = bench.row(matrix, index);
      row.forEach((_value, d) => (row[d] = next() * scale));
    }
  });
}

/** Largest absolute difference between two sets of rows. */
export function largestDifference(
  a: readonly (readonly number[])[],
  b: readonly (readonly number[])[],
): number {
  return Math.max(...a.flatMap((row, i) => row.map((value, d) => Math.abs(value - (b[i]?.[d] ?? NaN)))));
}
