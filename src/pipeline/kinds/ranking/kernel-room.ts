import { KERNEL_BASE, PAGE, sharedMemory } from '../../wasm/shared-memory.ts';
import { rankKernel, type RankKernel } from './rank-kernel.ts';

/** Pages of values that are in memory at a time. */
const ROOM = 1;

/** A kernel with memory of its own, through which float64 values pass a part at a time. */
export class KernelRoom {
  readonly kernel: RankKernel;
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

  /** @param change what is done to the values at an address; there is room for a multiple of four */
  pass(values: Float64Array, change: (address: number, count: number) => void): void {
    const { room } = this;
    for (let from = 0; from < values.length; from += room.length) {
      const part = values.subarray(from, from + room.length);
      room.set(part);
      change(KERNEL_BASE, part.length);
      part.set(room.subarray(0, part.length));
    }
  }
}
