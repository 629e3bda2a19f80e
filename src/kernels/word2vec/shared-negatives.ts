import { random32, rowAt } from './random';
import { idAt } from './sentence';
import { cumulative, negative, outputRow, rowCount, sharedNegatives, stripes, vectorBytes } from './state';

/** The cumulative value where the stripe in use begins, and how much of the 2^31 - 1 it holds. */
let stripeStart: u32 = 0;
let stripeSpan: u32 = 0x7fffffff;

function firstOf(stripe: i32): i32 {
  return <i32>((<i64>rowCount * stripe) / stripes);
}

function cumulativeBefore(row: i32): u32 {
  return row == 0 ? 0 : load<u32>(cumulative + (<usize>(row - 1) << 2));
}

/**
 * Draws shared negatives from one of `stripes` equal ranges of rows from now on. Threads that draw from different
 * stripes don't write each other's rows; as they take turns, and `weightOfDraw` holds the stripe's share, the expected
 * gradient stays the same.
 */
export function useStripe(stripe: i32): void {
  stripeStart = cumulativeBefore(firstOf(stripe));
  stripeSpan = cumulativeBefore(firstOf(stripe + 1)) - stripeStart;
}

/** What a draw of the shared negatives weighs: as many as `negative` draws, times the stripe's share of all draws. */
export function weightOfDraw(alpha: f32): f32 {
  const share = (<f32>stripeSpan * <f32>stripes) / <f32>0x7fffffff;
  return (alpha * share * <f32>negative) / <f32>sharedNegatives;
}

/** A row of the stripe, by its share of the cumulative table. */
@inline
function drawRow(): i32 {
  return rowAt(stripeStart + <u32>((<u64>(random32() >> 1) * <u64>stripeSpan) >> 31) + 1);
}

/** Reads a word of each cache line of a row, so that it is near when it is needed. The result only keeps the reads alive. */
@inline
function touch(row: usize): i32 {
  let touched: i32 = 0;
  for (let at: usize = 0; at < vectorBytes; at += 64) touched |= load<i32>(row + at);
  return touched;
}

/**
 * Draws the negatives of a group: ids (i32 each) and the addresses of their output rows (u32 each), ahead of their use.
 * The word after the addresses is overwritten too.
 */
export function drawShared(ids: usize, rows: usize): void {
  let touched: i32 = 0;
  for (let k = 0; k < sharedNegatives; ++k) {
    const id = drawRow();
    const row = outputRow(id);
    store<i32>(ids + (<usize>k << 2), id);
    store<u32>(rows + (<usize>k << 2), <u32>row);
    touched |= touch(row);
  }
  store<i32>(rows + (<usize>sharedNegatives << 2), touched);
}

/** Brings the output rows of some centres near. The word at `sink` is overwritten. */
export function touchTargets(start: i32, end: i32, sink: usize): void {
  let touched: i32 = 0;
  for (let centre = start; centre < end; ++centre) touched |= touch(outputRow(idAt(centre)));
  store<i32>(sink, touched);
}
