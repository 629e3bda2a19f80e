// The best rows found so far for one query: a buffer of keys of some multiple of k. When it is full, the k best stay,
// and the smallest of them becomes the threshold a new row has to pass. A query may have a floor: rows below it do not
// count, and the first k that reach it are all that is wanted.
import { keyOf, leastKeyOf, rowOf, scoreOf, selectLargest, sortDescending } from './keys';

/** State of one query. Its fields are filled by `openCandidates`. */
@unmanaged
export class Candidates {
  keys!: usize;
  count!: i32;
  capacity!: i32;
  k!: i32;
  /** Smallest key among the k best; 0, or just below the floor, before there are k. */
  smallest!: u64;
  /** What k rows are known to score at least; the floor, or −∞, before there are k; ∞ when no other row is wanted. */
  threshold!: f32;
  /** Rows never to return, ascending. */
  excluded!: usize;
  excludedCount!: i32;
  hasFloor!: bool;
  /** Rows that are not scored yet (see pending.ts), room for `pendingRoom` keys of the least they score. */
  pending!: usize;
  pendingCount!: i32;
  pendingRoom!: i32;
  /** Length of the query, and of the error of its code. */
  queryLength!: f32;
  queryError!: f32;
}

/** Bytes of a state; the caller lays out an array of them. */
export const CANDIDATES_BYTES: i32 = 64;

/**
 * Starts a query; `keys` has room for `capacity` > k keys, and `pending` for `pendingRoom` > k. A floor of −∞ is none; of one
 * with a floor, k are enough.
 */
export function openCandidates(
  state: Candidates,
  keys: usize,
  capacity: i32,
  pending: usize,
  pendingRoom: i32,
  k: i32,
  excluded: usize,
  excludedCount: i32,
  floor: f32,
): void {
  state.keys = keys;
  state.count = 0;
  state.pending = pending;
  state.pendingCount = 0;
  state.pendingRoom = pendingRoom;
  state.hasFloor = floor > -Infinity;
  state.capacity = state.hasFloor ? k : capacity;
  state.k = k;
  state.smallest = state.hasFloor ? leastKeyOf(floor) : 0;
  state.threshold = state.hasFloor ? floor : -Infinity;
  state.excluded = excluded;
  state.excludedCount = excludedCount;
}

/** Whether the row is never to be returned. */
export function isExcluded(state: Candidates, row: i32): bool {
  let low = 0,
    high = state.excludedCount;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<i32>(state.excluded + ((<usize>middle) << 2)) < row) low = middle + 1;
    else high = middle;
  }
  return low < state.excludedCount && load<i32>(state.excluded + ((<usize>low) << 2)) == row;
}

/** Drops all but the k best; with a floor, k rows are enough and the search ends. */
export function compact(state: Candidates): void {
  if (state.count < state.k) return;
  if (state.hasFloor) {
    state.smallest = u64.MAX_VALUE;
    state.threshold = Infinity;
    return;
  }
  state.smallest = selectLargest(state.keys, state.count, state.k);
  state.threshold = max(state.threshold, scoreOf(state.smallest));
  state.count = state.k;
}

/** Offers a row. */
export function offer(state: Candidates, score: f32, row: i32): void {
  const key = keyOf(score, row);
  if (key <= state.smallest) return;
  if (state.excludedCount > 0 && isExcluded(state, row)) return;
  store<u64>(state.keys + ((<usize>state.count) << 3), key);
  if (++state.count == state.capacity) compact(state);
}

/** Writes the k best in order, rows −1 and scores −∞ where there are fewer. */
export function closeCandidates(state: Candidates, rows: usize, scores: usize): void {
  if (state.count > state.k) compact(state);
  const count = state.count;
  sortDescending(state.keys, 0, count - 1);
  for (let i = 0; i < state.k; i++) {
    const key = i < count ? load<u64>(state.keys + ((<usize>i) << 3)) : 0;
    store<i32>(rows + ((<usize>i) << 2), i < count ? rowOf(key) : -1);
    store<f32>(scores + ((<usize>i) << 2), i < count ? scoreOf(key) : -Infinity);
  }
}
