import { readFileSync } from 'node:fs';
import path from 'node:path';
import { distDir } from '../dist-dir.ts';

/** Addresses are bytes in the memory the kernel was given. See src/kernels/rank. */
interface RankKernel {
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
}

const PAGE = 65_536;
/** The kernel's first 64 KiB belong to the compiler. */
const BASE = PAGE;
/** Slots gathered by one call. */
const POOL = 4096;

let compiled: WebAssembly.Module | undefined;

function rankKernel(memory: WebAssembly.Memory): RankKernel {
  compiled ??= new WebAssembly.Module(readFileSync(path.join(distDir(), 'kernels', 'rank.wasm')));
  const abort = (): never => {
    throw new Error('the rank kernel aborted');
  };
  // The build of src/kernels/rank is what gives these exports their types.
  return new WebAssembly.Instance(compiled, { env: { memory, abort } }).exports as unknown as RankKernel;
}

/** Fast passes over one row of scores. */
export interface RowScan {
  /** How many scores are not below the threshold. */
  countNotBelow(threshold: number): number;
  /**
   * Finds slots with scores not below the threshold, from slot `from` on, at most `room` of them.
   * @returns the slots (valid until the next call) and where to go on
   */
  gather(threshold: number, from: number, room: number): { slots: Int32Array; next: number };
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
    const pages = Math.ceil((BASE + bytes + POOL * 4) / PAGE) + 1;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: PAGE, shared: true });
    this.width = width;
    this.kernel = rankKernel(memory);
    this.pool = new Int32Array(memory.buffer, BASE, POOL);
    this.scores = new Float32Array(memory.buffer, BASE + POOL * 4, rows * width);
  }

  row(index: number): Float32Array {
    return this.scores.subarray(index * this.width, (index + 1) * this.width);
  }

  scan(index: number): RowScan {
    const { kernel, width, pool } = this;
    const address = this.scores.byteOffset + index * width * 4;
    return {
      countNotBelow: (threshold) => kernel.countNotBelow(address, width, threshold),
      gather: (threshold, from, room) => {
        const next = kernel.gatherNotBelow(address, width, threshold, from, BASE, Math.min(room, POOL));
        return { slots: pool.subarray(0, kernel.gathered()), next };
      },
    };
  }
}
