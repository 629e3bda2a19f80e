import { UserError } from '../../../protocol/user-error.ts';
import { KERNEL_BASE, MAX_PAGES, PAGE, sharedMemory } from '../../wasm/shared-memory.ts';

/** Pages that a memory grows by, at least. */
const GROWTH = 64;
/** Pages that rows leave to the areas of those that work on them. */
const AREAS = 2048;
const MOST = ((MAX_PAGES - AREAS) * PAGE) / Float32Array.BYTES_PER_ELEMENT;
const REFUSED = {
  message: 'The candidates of the validation queries need more memory than this machine gave.',
  hint: 'Close other programs, give the run less memory (--memory-limit), or fit on fewer queries (--stack-queries).',
};

/** Rows of features whose count is not known beforehand, in a kernel's memory; zeros follow. */
export class FeatureRows {
  readonly memory: WebAssembly.Memory;
  private size = 0;
  private readonly most: number;

  /** @param most numbers, 4 GB at most */
  constructor(most: number) {
    this.most = Math.min(most, MOST);
    const pages = AREAS + GROWTH + Math.ceil((this.most * Float32Array.BYTES_PER_ELEMENT) / PAGE);
    this.memory = sharedMemory(KERNEL_BASE / PAGE + 1, Math.min(MAX_PAGES, pages), REFUSED);
  }

  /** @returns false where there is no room any more */
  push(row: Float32Array): boolean {
    const { memory, size } = this;
    if (size + row.length > this.most) return false;
    this.size += row.length;
    const at = KERNEL_BASE + size * Float32Array.BYTES_PER_ELEMENT;
    const lacking = Math.ceil((at + row.byteLength) / PAGE) + 1 - memory.buffer.byteLength / PAGE;
    if (lacking > 0) areaOf(memory, Math.max(lacking, GROWTH));
    new Float32Array(memory.buffer, at, row.length).set(row);
    return true;
  }

  finish(): Float32Array {
    return new Float32Array(this.memory.buffer, KERNEL_BASE, this.size);
  }
}

/** Takes pages for the caller alone. @returns the address of the first */
export function areaOf(memory: WebAssembly.Memory, pages: number): number {
  try {
    return memory.grow(pages) * PAGE;
  } catch (cause) {
    throw new UserError(REFUSED.message, REFUSED.hint, { cause });
  }
}
