// One pass over a row of float32 scores: how many are not below a threshold, and which.

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
