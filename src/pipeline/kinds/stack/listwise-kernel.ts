import { instantiateKernel, loadKernel } from '../../wasm/load-kernel.ts';

/** Addresses are bytes in the memory the kernel was given. See src/kernels/listwise. */
export interface ListwiseKernel {
  score(
    values: number,
    blocks: number,
    blockCount: number,
    rows: number,
    count: number,
    width: number,
    out: number,
  ): void;
  gradient(
    values: number,
    blocks: number,
    blockCount: number,
    rows: number,
    count: number,
    width: number,
    scores: number,
    target: number,
    sums: number,
  ): void;
}

const NAMES = ['score', 'gradient'] as const satisfies readonly (keyof ListwiseKernel)[];

/** There is one build of it. */
export function listwiseKernel(memory: WebAssembly.Memory): ListwiseKernel {
  return instantiateKernel('listwise', loadKernel('listwise', true).module, memory, NAMES);
}
