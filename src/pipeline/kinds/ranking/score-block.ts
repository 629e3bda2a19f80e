import { KERNEL_BASE, MAX_PAGES, PAGE, sharedMemory } from '../../wasm/shared-memory.ts';
import { rankKernel, type RankKernel } from './rank-kernel.ts';

/** Slots gathered by one call. */
const POOL = 4096;

/** Fast passes over one row of scores. */
export interface RowScan {
  /** How many scores are not below the threshold. */
  countNotBelow(threshold: number): number;
  /**
   * Finds slots with scores not below the threshold, from slot `from` on, at most `room` of them.
   * @returns the slots (valid until the next call) and where to go on
   */
  gather(threshold: number, from: number, room: number): { slots: Int32Array; next: number };
  /** The same passes over a part of the row, whose slots count from its start. */
  part(from: number, count: number): RowScan;
}

/** Bytes of scores that are in memory at a time. */
export const BLOCK_BYTES = 64 << 20;

/** Queries scored together: at most so many, fewer where rows are so wide that their scores take too much memory. */
export function queriesTogether(most: number, width: number, rowsAQuery = 1): number {
  return Math.max(1, Math.min(most, Math.floor(BLOCK_BYTES / (4 * Math.max(1, width) * rowsAQuery))));
}

/** Rows of float32 scores that a SIMD kernel can scan. */
export class ScoreBlock {
  /** Rows × width. */
  readonly scores: Float32Array;
  private readonly width: number;
  private readonly kernel: RankKernel;
  private readonly pool: Int32Array;

  constructor(rows: number, width: number) {
    const bytes = rows * width * 4;
    const pages = Math.ceil((KERNEL_BASE + bytes + POOL * 4) / PAGE) + 1;
    const memory = sharedMemory(pages, MAX_PAGES, {
      message: `Scores of ${width} items need ${Math.ceil(bytes / 2 ** 20)} MB, which this machine did not give.`,
      hint: 'Close other programs, or give the run fewer threads (--max-workers).',
    });
    this.width = width;
    this.kernel = rankKernel(memory);
    this.pool = new Int32Array(memory.buffer, KERNEL_BASE, POOL);
    this.scores = new Float32Array(memory.buffer, KERNEL_BASE + POOL * 4, rows * width);
  }

  row(index: number): Float32Array {
    return this.scores.subarray(index * this.width, (index + 1) * this.width);
  }

  /** Rows that follow each other. */
  rows(first: number, count: number): Float32Array {
    return this.scores.subarray(first * this.width, (first + count) * this.width);
  }

  /** Adds `weight` × one row to another: products and sums in float64, each sum rounded to float32. */
  addScaled(into: number, from: number, weight: number): void {
    this.kernel.addScaled(this.address(into), this.address(from), this.width, weight);
  }

  /** The least score of a row that is not −Infinity; Infinity where there is none. */
  leastFinite(index: number): number {
    return this.kernel.leastFinite(this.address(index), this.width);
  }

  scan(index: number): RowScan {
    return this.scanFrom(this.address(index), this.width);
  }

  private address(index: number): number {
    return this.scores.byteOffset + index * this.width * 4;
  }

  private scanFrom(address: number, count: number): RowScan {
    const { kernel, pool } = this;
    return {
      countNotBelow: (threshold) => kernel.countNotBelow(address, count, threshold),
      gather: (threshold, from, room) => {
        const next = kernel.gatherNotBelow(
          address,
          count,
          threshold,
          from,
          KERNEL_BASE,
          Math.min(room, POOL),
        );
        return { slots: pool.subarray(0, kernel.gathered()), next };
      },
      part: (from, size) => this.scanFrom(address + from * 4, size),
    };
  }
}
