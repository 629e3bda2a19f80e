/** One search as it is handed to the threads that do it. Plain data: it is posted to workers as it is. */
import type { SearchOptions } from './neighbour-index.ts';

export interface SearchJob {
  /** Queries × dimensions. */
  readonly queries: Float32Array;
  readonly count: number;
  readonly k: number;
  /** Numbers of the queries in the order they are searched. */
  readonly order: Int32Array;
  /** Rows never to return: those of query q are `rows[starts[q] … starts[q + 1]]`, ascending. */
  readonly excluded: { readonly starts: Int32Array; readonly rows: Int32Array };
  /** What rows must score at least; −Infinity: any. */
  readonly floors: Float32Array;
  /** Results: queries × k. */
  readonly rows: Int32Array;
  readonly scores: Float32Array;
}

/** Arrays of a job can be shared between threads. */
export type Allocate = (bytes: number) => ArrayBuffer | SharedArrayBuffer;

function packExclusions(
  exclude: readonly Int32Array[],
  count: number,
  allocate: Allocate,
): SearchJob['excluded'] {
  const starts = new Int32Array(allocate((count + 1) * 4));
  for (let q = 0; q < count; q++) starts[q + 1] = (starts[q] ?? 0) + (exclude[q]?.length ?? 0);
  const rows = new Int32Array(allocate((starts[count] ?? 0) * 4));
  exclude.slice(0, count).forEach((list, q) => {
    const start = starts[q] ?? 0;
    rows.set(list, start);
    rows.subarray(start, start + list.length).sort();
  });
  return { starts, rows };
}

/** Makes a job; its arrays are copies of what was given, results are empty. */
export function makeJob(
  queries: Float32Array,
  dimensions: number,
  k: number,
  { exclude = [], floors }: SearchOptions,
  allocate: Allocate,
): SearchJob {
  const count = queries.length / dimensions;
  const copy = new Float32Array(allocate(queries.byteLength));
  copy.set(queries);
  const order = new Int32Array(allocate(count * 4));
  for (let q = 0; q < count; q++) order[q] = q;
  const least = new Float32Array(allocate(count * 4)).fill(-Infinity);
  if (floors !== undefined) least.set(floors.subarray(0, count));
  return {
    queries: copy,
    count,
    k,
    order,
    excluded: packExclusions(exclude, count, allocate),
    floors: least,
    rows: new Int32Array(allocate(count * k * 4)),
    scores: new Float32Array(allocate(count * k * 4)),
  };
}

/** The longest list of excluded rows. */
export function longestExclusion({ excluded: { starts } }: SearchJob): number {
  let longest = 0;
  for (let q = 0; q + 1 < starts.length; q++)
    longest = Math.max(longest, (starts[q + 1] ?? 0) - (starts[q] ?? 0));
  return longest;
}
