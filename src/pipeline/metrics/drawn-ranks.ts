import { readFileSync } from 'node:fs';
import path from 'node:path';
import { distDir } from '../dist-dir.ts';

/** Resamples counted at a time. */
export const LANES = 8;

/** Addresses are bytes in the memory the kernel was given. See src/kernels/bootstrap. */
interface BootstrapKernel {
  drawnByRank(hits: number, starts: number, ranks: number, weights: number, out: number): void;
  drawnInAll(counts: number, sequences: number, weights: number, out: number): void;
}

const PAGE = 65_536;
/** The kernel's first 64 KiB belong to the compiler. */
const BASE = PAGE;
const ALIGNMENT = 16;

let compiled: WebAssembly.Module | undefined;

function bootstrapKernel(memory: WebAssembly.Memory): BootstrapKernel {
  compiled ??= new WebAssembly.Module(readFileSync(path.join(distDir(), 'kernels', 'bootstrap.wasm')));
  const abort = (): never => {
    throw new Error('the bootstrap kernel aborted');
  };
  // The build of src/kernels/bootstrap is what gives these exports their types.
  return new WebAssembly.Instance(compiled, { env: { memory, abort } }).exports as unknown as BootstrapKernel;
}

/** Queries that hit, by rank. */
export interface RankedHits {
  /** Sequence of each hit, those of rank r at `hits[starts[r] … starts[r + 1])`. */
  readonly hits: Uint32Array;
  readonly starts: Uint32Array;
}

/** Where the parts of the memory lie, and what it holds in all. */
function layOut(tables: readonly RankedHits[], sequences: number, ranks: number) {
  let end = BASE;
  const take = (bytes: number): number => {
    const at = end;
    end += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    return at;
  };
  const places = {
    weights: take(sequences * LANES * 2),
    histogram: take((ranks + 1) * LANES * 4),
    counts: take(sequences * 4),
    sums: take(LANES * 4),
    tables: tables.map(({ hits, starts }) => ({
      hits: take(hits.byteLength),
      starts: take(starts.byteLength),
    })),
  };
  return { ...places, pages: Math.ceil(end / PAGE) };
}

/** Counts for tables of hits how often queries of each rank are drawn, in `LANES` resamples at once. */
export class DrawnRanks {
  /** Sequences × `LANES`: how often each sequence is drawn in each resample. */
  readonly weights: Uint16Array;
  private readonly kernel: BootstrapKernel;
  private readonly ranks: number;
  private readonly places: ReturnType<typeof layOut>;
  private readonly histogram: Uint32Array;
  private readonly counts: Uint32Array;
  private readonly sums: Uint32Array;

  /** @param ranks the last rank that counts */
  constructor(tables: readonly RankedHits[], sequences: number, ranks: number) {
    const places = layOut(tables, sequences, ranks);
    const memory = new WebAssembly.Memory({ initial: places.pages, maximum: PAGE, shared: true });
    this.kernel = bootstrapKernel(memory);
    this.ranks = ranks;
    this.places = places;
    this.weights = new Uint16Array(memory.buffer, places.weights, sequences * LANES);
    this.histogram = new Uint32Array(memory.buffer, places.histogram, (ranks + 1) * LANES);
    this.counts = new Uint32Array(memory.buffer, places.counts, sequences);
    this.sums = new Uint32Array(memory.buffer, places.sums, LANES);
    tables.forEach(({ hits, starts }, t) => {
      const at = places.tables[t] ?? { hits: 0, starts: 0 };
      new Uint32Array(memory.buffer, at.hits, hits.length).set(hits);
      new Uint32Array(memory.buffer, at.starts, starts.length).set(starts);
    });
  }

  /** Draws of each rank, `LANES` numbers a rank; valid until the next call. */
  of(table: number): Uint32Array {
    const { kernel, ranks, places, histogram } = this;
    const at = places.tables[table];
    if (at === undefined) throw new RangeError(`no table ${table}`);
    kernel.drawnByRank(at.hits, at.starts, ranks, places.weights, places.histogram);
    return histogram;
  }

  /** Draws of all queries, of which each sequence has so many: one number a resample. */
  ofAll(perSequence: Uint32Array): Uint32Array {
    const { kernel, places, counts, sums } = this;
    counts.set(perSequence);
    kernel.drawnInAll(places.counts, counts.length, places.weights, places.sums);
    return sums.slice();
  }
}
