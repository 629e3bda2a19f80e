// One pass over rows of float32 scores: how many are not below a threshold, and which; weighted sums of rows.

export { exponentials } from './exponential';
export { logShares } from './logarithm';

/** Slots written by the last `gatherNotBelow`. */
let gatheredSlots: i32 = 0;

export function gathered(): i32 {
  return gatheredSlots;
}

/** How many of `count` scores are ≥ `threshold`. */
export function countNotBelow(scores: usize, count: i32, threshold: f32): i32 {
  const bound = f32x4.splat(threshold);
  let first = i32x4.splat(0);
  let second = i32x4.splat(0);
  const end = scores + (<usize>count << 2);
  let at = scores;
  for (; at + 32 <= end; at += 32) {
    first = i32x4.sub(first, f32x4.ge(v128.load(at), bound));
    second = i32x4.sub(second, f32x4.ge(v128.load(at, 16), bound));
  }
  first = i32x4.add(first, second);
  let found =
    i32x4.extract_lane(first, 0) + i32x4.extract_lane(first, 1) + i32x4.extract_lane(first, 2) + i32x4.extract_lane(first, 3);
  for (; at < end; at += 4) found += <i32>(load<f32>(at) >= threshold);
  return found;
}

/**
 * Writes the slots (numbers in the row) of scores ≥ `threshold`, from slot `from` on, until the row ends or `room` is
 * used up. Returns the slot to go on from; `gathered` tells how many were written.
 */
export function gatherNotBelow(scores: usize, count: i32, threshold: f32, from: i32, out: usize, room: i32): i32 {
  const bound = f32x4.splat(threshold);
  let slot = from;
  let written = 0;
  while (slot < count && written < room) {
    if (slot + 8 <= count) {
      const at = scores + (<usize>slot << 2);
      const any = v128.or(f32x4.ge(v128.load(at), bound), f32x4.ge(v128.load(at, 16), bound));
      if (!v128.any_true(any)) {
        slot += 8;
        continue;
      }
    }
    const end = min(slot + 8, count);
    for (; slot < end && written < room; slot++) {
      if (load<f32>(scores + (<usize>slot << 2)) < threshold) continue;
      store<i32>(out + (<usize>written << 2), slot);
      written++;
    }
  }
  gatheredSlots = written;
  return slot;
}

/** Adds four scores, times `weight`, in float64 to four sums. */
// @ts-ignore: decorator
@inline
function addFour(sums: v128, scores: v128, weight: v128): v128 {
  const low = f64x2.add(
    f64x2.promote_low_f32x4(sums),
    f64x2.mul(f64x2.promote_low_f32x4(scores), weight),
  );
  const highSums = v128.shuffle<i64>(sums, sums, 1, 1);
  const highScores = v128.shuffle<i64>(scores, scores, 1, 1);
  const high = f64x2.add(
    f64x2.promote_low_f32x4(highSums),
    f64x2.mul(f64x2.promote_low_f32x4(highScores), weight),
  );
  return v128.shuffle<i64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

/**
 * out += weight × scores, with a float64 product and sum that is rounded once, as JavaScript does it. By weight 1 a float32
 * sum has the same bits.
 */
export function addScaled(out: usize, scores: usize, count: i32, weight: f64): void {
  const end = out + (<usize>count << 2);
  const factor = f64x2.splat(weight);
  if (weight == 1) {
    for (; out + 16 <= end; out += 16, scores += 16)
      v128.store(out, f32x4.add(v128.load(out), v128.load(scores)));
  } else {
    for (; out + 16 <= end; out += 16, scores += 16)
      v128.store(out, addFour(v128.load(out), v128.load(scores), factor));
  }
  for (; out < end; out += 4, scores += 4)
    store<f32>(out, <f32>(<f64>load<f32>(out) + weight * <f64>load<f32>(scores)));
}

/** The least of `count` scores that is above −Infinity; Infinity where there is none. */
export function leastFinite(scores: usize, count: i32): f32 {
  const none = f32x4.splat(-Infinity);
  const most = f32x4.splat(Infinity);
  let least = most;
  const end = scores + (<usize>count << 2);
  let at = scores;
  for (; at + 16 <= end; at += 16) {
    const four = v128.load(at);
    least = f32x4.pmin(least, v128.bitselect(four, most, f32x4.gt(four, none)));
  }
  let found = min(
    min(f32x4.extract_lane(least, 0), f32x4.extract_lane(least, 1)),
    min(f32x4.extract_lane(least, 2), f32x4.extract_lane(least, 3)),
  );
  for (; at < end; at += 4) {
    const score = load<f32>(at);
    if (score > -Infinity && score < found) found = score;
  }
  return found;
}
