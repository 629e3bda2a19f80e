import { UserError } from '../../protocol/user-error.ts';
import { KERNEL_BASE, MAX_PAGES, PAGE, sharedMemory } from '../wasm/shared-memory.ts';

const ALIGNMENT = 64;

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** A piece of the memory. */
export interface Area {
  readonly offset: number;
  readonly bytes: number;
}

/** Shared WebAssembly memory, given out from the bottom up and never taken back. */
export class IndexMemory {
  readonly memory: WebAssembly.Memory;
  #top = KERNEL_BASE;

  /** @param bytes how much will be wanted at the start; more is added when asked for */
  constructor(bytes: number, what: string) {
    const pages = Math.ceil((bytes + KERNEL_BASE) / PAGE) + 1;
    if (pages > MAX_PAGES) {
      throw new UserError(
        `${what} need ${gigabytes(bytes)}, more than the 4 GB an index in memory can have.`,
        'Use fewer dimensions, or raise the minimum count to keep fewer items.',
      );
    }
    this.memory = sharedMemory(pages, MAX_PAGES, {
      message: `${what} need ${gigabytes(bytes)}, which this machine could not give.`,
      hint: 'Close other programs, or keep fewer items.',
    });
  }

  /** Whether so much more can be had, with as much again left for searches. */
  hasRoom(bytes: number): boolean {
    return this.#top + 2 * bytes < MAX_PAGES * PAGE;
  }

  /** Gives out an area aligned to a cache line; what it holds is undefined. */
  take(bytes: number, what: string): Area {
    const offset = this.#top;
    const end = Math.ceil((offset + bytes) / ALIGNMENT) * ALIGNMENT;
    const missing = Math.ceil((end - this.memory.buffer.byteLength) / PAGE);
    if (missing > 0) this.#grow(missing, bytes, what);
    this.#top = end;
    return { offset, bytes };
  }

  #grow(pages: number, bytes: number, what: string): void {
    try {
      this.memory.grow(pages);
    } catch (cause) {
      throw new UserError(
        `${what} need ${gigabytes(bytes)} more memory, which the index cannot have beside its vectors.`,
        'Ask for fewer neighbours at a time, or keep fewer items.',
        { cause },
      );
    }
  }

  floats(offset: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, offset, length);
  }

  integers(offset: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, offset, length);
  }
}
