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
];

function isKernel(exports: object): exports is Word2vecKernel {
  return NAMES.every((name) => typeof Reflect.get(exports, name) === 'function');
}

/** An instance of the kernel for this thread. */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Word2vecKernel {
  const stop = (): never => {
    throw new Error('the word2vec kernel stopped itself');
  };
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort: stop } });
  if (!isKernel(exports))
    throw new Error('the word2vec kernel is of another version than this program: run `npm run build`');
  return exports;
}
