/** How the memory of a kernel that trains is laid out: regions one after the other, each on cache lines of its own. */

/** Bytes of a page of WebAssembly's memory. */
export const PAGE = 65_536;
/** Bytes of a cache line. */
export const LINE = 64;

export function roundUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}

/** Hands out the addresses of regions in the order they are asked for. */
export class KernelMemory {
  readonly #threads: number;
  // The lowest page holds the compiler's constants.
  #end = PAGE;

  constructor(threads: number) {
    this.#threads = threads;
  }

  /** The address of a region. */
  readonly take = (bytes: number): number => {
    const at = this.#end;
    this.#end += roundUp(bytes, LINE);
    return at;
  };

  /** The addresses of a region for each thread. */
  readonly perThread = (bytes: number): number[] =>
    Array.from({ length: this.#threads }, () => this.take(bytes));

  /** Bytes in all, and the same in pages. */
  get size(): { readonly bytes: number; readonly pages: number } {
    return { bytes: this.#end, pages: Math.ceil(this.#end / PAGE) };
  }
}

/** A need of memory as messages say it. */
export function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GB`;
}
