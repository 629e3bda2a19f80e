// Scores and exact top-k by inner product over float32 rows, on memory the caller lays out.
import { Candidates, CANDIDATES_BYTES, closeCandidates, openCandidates } from './candidates';
import { FLAT_BLOCK } from './flat';

export { scores, scoresOf } from './dot';
export { firstNonFinite, largestLength } from './vectors';
export { scanFlat } from './flat';
export { queryCodeBytes } from './codes';
export { panelScratch, scanPanels, usePanels } from './panels';

/** Bytes of one query's state. */
export function stateBytes(): i32 {
  return CANDIDATES_BYTES;
}

/** Floats of scratch `scanFlat` needs a query. */
export function flatScratch(): i32 {
  return FLAT_BLOCK;
}

/** Starts the search of one query (its number within the tile); a floor of −∞ is none. */
export function open(
  states: usize,
  query: i32,
  keys: usize,
  capacity: i32,
  pending: usize,
  pendingRoom: i32,
  k: i32,
  excluded: usize,
  excludedCount: i32,
  floor: f32,
): void {
  openCandidates(stateAt(states, query), keys, capacity, pending, pendingRoom, k, excluded, excludedCount, floor);
}

/** Ends the search of one query: k rows and k scores, best first. */
export function close(states: usize, query: i32, rows: usize, scores: usize): void {
  closeCandidates(stateAt(states, query), rows, scores);
}

function stateAt(states: usize, query: i32): Candidates {
  return changetype<Candidates>(states + <usize>(query * CANDIDATES_BYTES));
}
