import { instantiateKernel } from '../../wasm/load-kernel.ts';

/** The compiled kernel of src/kernels/word2vec; all addresses are bytes of its memory. */
export interface Word2vecKernel {
  configure(block: number): void;
  fillSigmoids(): void;
  fillCumulative(counts: number, exponent: number): void;
  fillKeep(counts: number, threshold: number): void;
  fillVectors(): void;
  trainUnit(
    mode: number,
    epoch: number,
    unit: number,
    first: number,
    end: number,
    alpha: number,
    stripe: number,
  ): number;
  isFinite(): number;
  setRandomState(state: bigint): void;
  getRandomState(): bigint;
}

/** `mode` of `trainUnit`. */
export const MODES = {
  'gensim cbow': 0,
  'gensim skip-gram': 1,
  'fast cbow': 2,
  'fast skip-gram': 3,
} as const;

const NAMES = [
  'configure',
  'fillSigmoids',
  'fillCumulative',
  'fillKeep',
  'fillVectors',
  'trainUnit',
  'isFinite',
  'setRandomState',
  'getRandomState',
] as const;

/** An instance of the kernel for this thread. */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Word2vecKernel {
  return instantiateKernel('word2vec', module, memory, NAMES);
}
