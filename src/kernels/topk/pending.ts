// Rows whose codes say that they may be among a query's best, by the least they score: the k-th largest of those is a
// threshold without any row scored. What still reaches the threshold in the end is scored then, few more than k rows.
import { Candidates } from './candidates';
import { keyOf, rowOf, scoreOf, selectLargest } from './keys';
import { Panel, panelOf } from './panel-table';

/** More than float32 and the sums of a bound round, relative to it. */
const ROUNDING: f64 = 1.0 / 1048576.0;
/** Above any error of products so small that float32 cannot hold them with all digits. */
const UNDERFLOW: f64 = 1e-30;

/** How far a score can lie from what the codes say, either way. */
// @ts-ignore: decorator
@inline
function doubtOf(state: Candidates, panel: Panel): f64 {
  return <f64>state.queryLength * <f64>panel.error + <f64>state.queryError * <f64>panel.length + UNDERFLOW;
}

/** The most that a row can score of which this is the least. */
// @ts-ignore: decorator
@inline
function mostOf(state: Candidates, key: u64): f64 {
  const least = <f64>scoreOf(key),
    width = 2 * doubtOf(state, panelOf(rowOf(key)));
  return least + width + (abs(least) + width) * ROUNDING;
}

// @ts-ignore: decorator
@inline
export function pendingAt(state: Candidates, i: i32): u64 {
  return load<u64>(state.pending + ((<usize>i) << 3));
}

/** Whether a row may still be among the best. */
// @ts-ignore: decorator
@inline
export function mayReach(state: Candidates, key: u64): bool {
  return mostOf(state, key) >= <f64>state.threshold;
}

/**
 * Keeps a row, which is none of the excluded.
 * @param about its score, as the codes have it
 */
export function addPending(state: Candidates, about: f64, place: i32): void {
  const doubt = doubtOf(state, panelOf(place));
  const key = keyOf(<f32>(about - doubt - (abs(about) + doubt) * (ROUNDING / 4)), place);
  if (!mayReach(state, key)) return;
  store<u64>(state.pending + ((<usize>state.pendingCount) << 3), key);
  state.pendingCount++;
}

/** Raises the threshold to the k-th largest of the least scores, puts those first, and drops what cannot reach it. */
export function thinPending(state: Candidates): void {
  const pending = state.pending,
    count = state.pendingCount;
  if (count < state.k) return;
  state.threshold = max(state.threshold, scoreOf(selectLargest(pending, count, state.k)));
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const key = pendingAt(state, i);
    if (!mayReach(state, key)) continue;
    store<u64>(pending + ((<usize>kept) << 3), key);
    kept++;
  }
  state.pendingCount = kept;
}
