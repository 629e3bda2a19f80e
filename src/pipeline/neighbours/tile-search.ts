/** Searches a tile of queries on one kernel instance: the part that is the same in the caller's thread and in workers. */
import type { SearchJob } from './search-job.ts';
import type { TopKernel } from './topk-kernel.ts';

/** Where the vectors lie. Rows are `stride` floats, a multiple of 4, filled up with zeros. */
export interface IndexShape {
  readonly rows: number;
  readonly size: number;
  readonly dimensions: number;
  readonly stride: number;
}

/** Queries searched together: their rows are read once for all. */
const TILE = 32;
/** Bytes of candidates a tile may have; a large k makes tiles smaller. */
const CANDIDATE_BYTES = 8 << 20;

/** Queries a tile. */
export function tileSize(k: number): number {
  return Math.max(1, Math.min(TILE, Math.floor(CANDIDATE_BYTES / (capacity(k) * 8))));
}

function capacity(k: number): number {
  return 2 * k + 128;
}

/** Working memory of one tile: addresses relative to the start of the thread's area, and its size. */
export interface TileLayout {
  readonly queries: number;
  readonly states: number;
  readonly scratch: number;
  readonly keys: number;
  readonly excluded: number;
  readonly rows: number;
  readonly scores: number;
  readonly bytes: number;
}

/** Lays out the working memory of a tile. */
export function tileLayout(
  kernel: TopKernel,
  shape: IndexShape,
  k: number,
  mostExcluded: number,
): TileLayout {
  const tile = tileSize(k);
  let top = 0;
  const place = (bytes: number): number => {
    const at = top;
    top = Math.ceil((top + bytes) / 16) * 16;
    return at;
  };
  return {
    queries: place(tile * shape.stride * 4),
    states: place(tile * kernel.stateBytes()),
    scratch: place(tile * kernel.flatScratch() * 4),
    keys: place(tile * capacity(k) * 8),
    excluded: place(tile * mostExcluded * 4),
    rows: place(tile * k * 4),
    scores: place(tile * k * 4),
    bytes: top,
  };
}

/** Working memory placed at an address of the index's memory. */
export interface Workplace {
  readonly kernel: TopKernel;
  readonly memory: WebAssembly.Memory;
  readonly shape: IndexShape;
  readonly layout: TileLayout;
  readonly base: number;
}

/** Copies vectors into rows of `stride` floats, zeros at their ends. */
export function copyRows(
  source: Float32Array,
  dimensions: number,
  target: Float32Array,
  stride: number,
): void {
  if (dimensions === stride) {
    target.set(source);
    return;
  }
  target.fill(0);
  for (let from = 0, to = 0; from < source.length; from += dimensions, to += stride) {
    target.set(source.subarray(from, from + dimensions), to);
  }
}

function openTile(place: Workplace, job: SearchJob, first: number, count: number): void {
  const { kernel, memory, shape, layout, base } = place;
  const { dimensions, stride } = shape;
  const tileQueries = new Float32Array(memory.buffer, base + layout.queries, count * stride);
  copyRows(
    job.queries.subarray(first * dimensions, (first + count) * dimensions),
    dimensions,
    tileQueries,
    stride,
  );
  let excludedAt = base + layout.excluded;
  for (let q = 0; q < count; q++) {
    const list = job.excluded.rows.subarray(
      job.excluded.starts[first + q],
      job.excluded.starts[first + q + 1],
    );
    new Int32Array(memory.buffer, excludedAt, list.length).set(list);
    const keys = base + layout.keys + q * capacity(job.k) * 8;
    kernel.open(base + layout.states, q, keys, capacity(job.k), job.k, excludedAt, list.length);
    excludedAt += list.length * 4;
  }
}

function closeTile(place: Workplace, job: SearchJob, first: number, count: number): void {
  const { kernel, memory, layout, base } = place;
  for (let q = 0; q < count; q++) {
    kernel.close(
      base + layout.states,
      q,
      base + layout.rows + q * job.k * 4,
      base + layout.scores + q * job.k * 4,
    );
  }
  job.rows.set(new Int32Array(memory.buffer, base + layout.rows, count * job.k), first * job.k);
  job.scores.set(new Float32Array(memory.buffer, base + layout.scores, count * job.k), first * job.k);
}

/** Answers queries `first` … `first + count` of the job; count is at most `tileSize(k)`. */
export function searchTile(place: Workplace, job: SearchJob, first: number, count: number): void {
  const { kernel, shape, layout, base } = place;
  openTile(place, job, first, count);
  const { queries, states, scratch } = layout;
  kernel.scanFlat(
    base + queries,
    count,
    base + states,
    shape.rows,
    0,
    shape.size,
    shape.stride,
    base + scratch,
  );
  closeTile(place, job, first, count);
}
