/** One search: queries, what they exclude, and room for their results. */
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

function packExclusions(exclude: readonly Int32Array[], count: number): SearchJob['excluded'] {
  const starts = new Int32Array(count + 1);
  for (let q = 0; q < count; q++) starts[q + 1] = (starts[q] ?? 0) + (exclude[q]?.length ?? 0);
  const rows = new Int32Array(starts[count] ?? 0);
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
): SearchJob {
  const count = queries.length / dimensions;
  const least = new Float32Array(count).fill(-Infinity);
  if (floors !== undefined) least.set(floors.subarray(0, count));
  return {
    queries: queries.slice(),
    count,
    k,
    order: Int32Array.from({ length: count }, (_, q) => q),
    excluded: packExclusions(exclude, count),
    floors: least,
    rows: new Int32Array(count * k),
    scores: new Float32Array(count * k),
  };
}

/** The longest list of excluded rows. */
export function longestExclusion({ excluded: { starts } }: SearchJob): number {
  let longest = 0;
  for (let q = 0; q + 1 < starts.length; q++)
    longest = Math.max(longest, (starts[q + 1] ?? 0) - (starts[q] ?? 0));
  return longest;
}
