/** Searches a tile of queries on a kernel instance. */
import { code, codeFormat, lengthOf, PER_WORD, queryScale } from './codes.ts';
import { copyRows } from './copy-rows.ts';
import { type PanelShape, project } from './panel-index.ts';
import type { SearchJob } from './search-job.ts';
import type { TopKernel } from './topk-kernel.ts';

/** Where the vectors lie. Rows are `stride` floats, a multiple of 4, filled up with zeros. */
export interface IndexShape {
  readonly rows: number;
  readonly size: number;
  readonly dimensions: number;
  readonly stride: number;
  /** Set where searches prune. */
  readonly pruned?: PanelShape;
}

/** Queries searched together: their rows are read once for all. */
const TILE = 32;
/** Bytes of candidates a tile may have; a large k makes tiles smaller. */
const CANDIDATE_BYTES = 8 << 20;

/** Queries a tile. */
export function tileSize(k: number): number {
  return Math.max(1, Math.min(TILE, Math.floor(CANDIDATE_BYTES / ((capacity(k) + pendingRoom(k)) * 8))));
}

function capacity(k: number): number {
  return k + Math.max(32, k >> 2);
}

/** Rows of a query that wait for their scores. */
function pendingRoom(k: number): number {
  return 2 * k + 128;
}

/** The kernel takes queries four at a time. */
const lanesOf = (count: number): number => Math.ceil(count / 4) * 4;

/** Bytes of what the kernel is told of a query's code. */
const QUERY_BYTES = 16;
/** More than float32 rounds down. */
const ROUND_UP = 1 + 2 ** -22;

/** Working memory of one tile: addresses relative to the start of its area, and its size. */
export interface TileLayout {
  readonly queries: number;
  readonly states: number;
  readonly scratch: number;
  readonly projected: number;
  readonly codes: number;
  readonly table: number;
  readonly keys: number;
  readonly pending: number;
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
  const lanes = lanesOf(tile);
  const { pruned } = shape;
  let top = 0;
  const place = (bytes: number): number => {
    const at = top;
    top = Math.ceil((top + bytes) / 16) * 16;
    return at;
  };
  return {
    queries: place(tile * shape.stride * 4),
    states: place(tile * kernel.stateBytes()),
    scratch: place(pruned === undefined ? tile * kernel.flatScratch() * 4 : kernel.panelScratch(tile)),
    projected: place(lanes * (pruned?.projectedStride ?? 0) * 4),
    codes: place(lanes * (pruned?.words ?? 0) * PER_WORD * kernel.queryCodeBytes()),
    table: place(lanes * QUERY_BYTES),
    keys: place(tile * capacity(k) * 8),
    pending: place(tile * pendingRoom(k) * 8),
    excluded: place(tile * mostExcluded * 4),
    rows: place(k * 4),
    scores: place(k * 4),
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

/**
 * Whether rows wait for their scores until all codes are met: codes must bound scores from below too, and the search must not
 * end before.
 */
function waits({ pruned }: IndexShape, floor: number): boolean {
  return pruned !== undefined && !pruned.hasRest && floor === -Infinity;
}

function openTile(place: Workplace, job: SearchJob, first: number, count: number): void {
  const { kernel, memory, shape, layout, base } = place;
  const { dimensions, stride } = shape;
  const queries = new Float32Array(memory.buffer, base + layout.queries, count * stride);
  let excludedAt = base + layout.excluded;
  for (let q = 0; q < count; q++) {
    const number = job.order[first + q] ?? 0;
    const query = job.queries.subarray(number * dimensions, (number + 1) * dimensions);
    copyRows(query, dimensions, queries.subarray(q * stride, (q + 1) * stride), stride);
    const list = job.excluded.rows.subarray(job.excluded.starts[number], job.excluded.starts[number + 1]);
    new Int32Array(memory.buffer, excludedAt, list.length).set(list);
    const keys = base + layout.keys + q * capacity(job.k) * 8;
    const floor = job.floors[number] ?? -Infinity;
    const pending = base + layout.pending + q * pendingRoom(job.k) * 8;
    kernel.open(
      base + layout.states,
      q,
      keys,
      capacity(job.k),
      pending,
      waits(shape, floor) ? pendingRoom(job.k) : 0,
      job.k,
      excludedAt,
      list.length,
      floor,
    );
    excludedAt += list.length * 4;
  }
}

function closeTile(place: Workplace, job: SearchJob, first: number, count: number): void {
  const { kernel, memory, layout, base } = place;
  for (let q = 0; q < count; q++) {
    kernel.close(base + layout.states, q, base + layout.rows, base + layout.scores);
    const target = (job.order[first + q] ?? 0) * job.k;
    job.rows.set(new Int32Array(memory.buffer, base + layout.rows, job.k), target);
    job.scores.set(new Float32Array(memory.buffer, base + layout.scores, job.k), target);
  }
}

/** Projects and codes the queries of the tile; see `scanPanels` of the kernel for where it wants what. */
function codeTile({ kernel, memory, layout, base }: Workplace, pruned: PanelShape, count: number): void {
  const format = codeFormat(kernel.queryCodeBytes());
  const { projectedStride } = pruned;
  const lanes = lanesOf(count);
  const points = new Float32Array(memory.buffer, base + layout.projected, lanes * projectedStride).fill(0);
  project(kernel, memory, pruned, base + layout.queries, count, base + layout.projected);
  const table = new Float32Array(memory.buffer, base + layout.table, lanes * 4).fill(0);
  const length = lanes * projectedStride;
  const codes =
    format.query === 'bytes'
      ? new Int8Array(memory.buffer, base + layout.codes, length)
      : new Int16Array(memory.buffer, base + layout.codes, length);
  codes.fill(0);
  for (let q = 0; q < count; q++) {
    const point = points.subarray(q * projectedStride, (q + 1) * projectedStride);
    const { scale, range } = queryScale(format, point);
    const target = { codes, start: q * projectedStride, wordStep: PER_WORD };
    const coded = code(point, 0, projectedStride, scale, range, 0, target);
    table[q] = scale;
    table[lanes + q] = lengthOf(point) * ROUND_UP;
    table[2 * lanes + q] = coded.error * ROUND_UP;
    table[3 * lanes + q] = coded.sum * format.shift;
  }
}

function scan(place: Workplace, count: number): void {
  const { kernel, shape, layout, base } = place;
  const { queries, states, scratch, projected, codes, table } = layout;
  if (shape.pruned === undefined) {
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
    return;
  }
  codeTile(place, shape.pruned, count);
  kernel.scanPanels(
    base + queries,
    count,
    base + states,
    base + projected,
    base + codes,
    base + table,
    base + scratch,
  );
}

/** Answers queries `first` … `first + count` in the order of the job; count is at most `tileSize(k)`. */
export function searchTile(place: Workplace, job: SearchJob, first: number, count: number): void {
  openTile(place, job, first, count);
  scan(place, count);
  closeTile(place, job, first, count);
}
