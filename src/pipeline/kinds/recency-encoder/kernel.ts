import { instantiateKernel } from '../../wasm/load-kernel.ts';

/** The compiled kernel of src/kernels/encoder; all addresses are bytes of its memory. */
export interface EncoderKernel {
  configure(block: number): number;
  fillVectors(first: number, end: number, dimension: number): void;
  trainBatch(epoch: number, first: number, end: number, rate: number, lagRate: number): void;
  /** 0 when a weight of these rows, or of a lag, is not finite or so large that its square is not. */
  isFinite(first: number, end: number): number;
  /** Address of what the last batch drew, for tests: `DRAWS`. */
  drawsAt(what: number): number;
  exponential(x: number): number;
}

const NAMES = ['configure', 'fillVectors', 'trainBatch', 'isFinite', 'drawsAt', 'exponential'] as const;

/** What `drawsAt` finds, as src/kernels/encoder/index.ts has it. */
export const DRAWS = {
  negatives: 0,
  positions: 1,
  historyCounts: 2,
  historyLags: 3,
  keptDimensions: 4,
} as const;

/** An instance of the kernel for this thread. */
export function instantiateEncoder(module: WebAssembly.Module, memory: WebAssembly.Memory): EncoderKernel {
  return instantiateKernel('encoder', module, memory, NAMES);
}
