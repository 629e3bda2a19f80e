import { instantiateKernel, loadKernel } from '../../wasm/load-kernel.ts';

/** Addresses are bytes in the memory the kernel was given. See src/kernels/rank. */
export interface RankKernel {
  gathered(): number;
  countNotBelow(scores: number, count: number, threshold: number): number;
  gatherNotBelow(
    scores: number,
    count: number,
    threshold: number,
    from: number,
    out: number,
    room: number,
  ): number;
  addScaled(out: number, scores: number, count: number, weight: number): void;
  leastFinite(scores: number, count: number): number;
  logShares(values: number, count: number, scale: number, sum: number): void;
  exponentials(values: number, count: number): void;
}

const NAMES = [
  'gathered',
  'countNotBelow',
  'gatherNotBelow',
  'addScaled',
  'leastFinite',
  'logShares',
  'exponentials',
] as const satisfies readonly (keyof RankKernel)[];

/** There is one build of it. */
export function rankKernel(memory: WebAssembly.Memory): RankKernel {
  return instantiateKernel('rank', loadKernel('rank', true).module, memory, NAMES);
}
