import { KERNEL_BASE, PAGE, sharedMemory } from '../../wasm/shared-memory.ts';
import { rankKernel, type RankKernel } from './rank-kernel.ts';

/** Pages of values that are in memory at a time. */
const ROOM = 1;

/** Logarithms of shares, by a SIMD kernel with memory of its own. */
export class LogShares {
  private readonly kernel: RankKernel;
  private readonly room: Float64Array;

  constructor() {
    const pages = KERNEL_BASE / PAGE + ROOM;
    const memory = sharedMemory(pages, pages, {
      message: `A ranking needs ${pages * 64} KB, which this machine did not give.`,
      hint: 'Close other programs, or give the run fewer threads (--max-workers).',
    });
    this.kernel = rankKernel(memory);
    this.room = new Float64Array(memory.buffer, KERNEL_BASE, (ROOM * PAGE) / Float64Array.BYTES_PER_ELEMENT);
  }

  /** Turns each value into log(1 + scale · value / sum), with the bits of `log`; negative values count as 0. */
  take(values: Float64Array, scale: number, sum: number): void {
    const { kernel, room } = this;
    for (let from = 0; from < values.length; from += room.length) {
      const part = values.subarray(from, from + room.length);
      room.set(part);
      kernel.logShares(KERNEL_BASE, part.length, scale, sum);
      part.set(room.subarray(0, part.length));
    }
  }
}
