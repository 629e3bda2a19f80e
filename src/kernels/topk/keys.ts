// A scored row as one 64-bit number: the order of the numbers is the order of the ranking, score descending, then lower row.
// No two rows have equal keys, so a selection by key has one answer, whatever the order of arrival.

// @ts-ignore: decorator
@inline
export function keyOf(score: f32, row: i32): u64 {
  // Adding 0 turns −0 into +0: they are a tie.
  const bits = reinterpret<u32>(score + <f32>0);
  const ordered = bits ^ (<u32>(<i32>bits >> 31) | 0x80000000);
  return (<u64>ordered << 32) | <u64>(~(<u32>row));
}

/** Less than the key of every row of that score, and more than that of any row of a lower one. */
// @ts-ignore: decorator
@inline
export function leastKeyOf(score: f32): u64 {
  return keyOf(score, -1);
}

// @ts-ignore: decorator
@inline
export function scoreOf(key: u64): f32 {
  const ordered = <u32>(key >> 32);
  return reinterpret<f32>(ordered & 0x80000000 ? ordered ^ 0x80000000 : ~ordered);
}

// @ts-ignore: decorator
@inline
export function rowOf(key: u64): i32 {
  return <i32>~(<u32>key);
}

// @ts-ignore: decorator
@inline
function at(keys: usize, i: i32): usize {
  return keys + ((<usize>i) << 3);
}

// @ts-ignore: decorator
@inline
function swap(a: usize, b: usize): void {
  const key = load<u64>(a);
  store<u64>(a, load<u64>(b));
  store<u64>(b, key);
}

/** Puts the median of first, middle and last key in the middle and returns it. */
function pivotOf(keys: usize, low: i32, high: i32): u64 {
  const middle = at(keys, low + ((high - low) >> 1));
  if (load<u64>(middle) > load<u64>(at(keys, low))) swap(middle, at(keys, low));
  if (load<u64>(at(keys, high)) > load<u64>(at(keys, low))) swap(at(keys, high), at(keys, low));
  if (load<u64>(at(keys, high)) > load<u64>(middle)) swap(at(keys, high), middle);
  return load<u64>(middle);
}

/** Moves larger keys to the left: after it, keys ≤ the returned index are ≥ the pivot, the others ≤. */
function partition(keys: usize, low: i32, high: i32): i32 {
  const pivot = pivotOf(keys, low, high);
  let i = low - 1,
    j = high + 1;
  while (true) {
    do i++;
    while (load<u64>(at(keys, i)) > pivot);
    do j--;
    while (load<u64>(at(keys, j)) < pivot);
    if (i >= j) return j;
    swap(at(keys, i), at(keys, j));
  }
}

/** Reorders so that the `k` largest of `count` keys come first, and returns the smallest of those. */
export function selectLargest(keys: usize, count: i32, k: i32): u64 {
  let low = 0,
    high = count - 1;
  const place = k - 1;
  while (low < high) {
    const cut = partition(keys, low, high);
    if (place <= cut) high = cut;
    else low = cut + 1;
  }
  return load<u64>(at(keys, place));
}

/** Sorts keys in descending order (quicksort, insertion sort for short pieces). */
export function sortDescending(keys: usize, low: i32, high: i32): void {
  while (high - low > 16) {
    const cut = partition(keys, low, high);
    sortDescending(keys, low, cut);
    low = cut + 1;
  }
  for (let i = low + 1; i <= high; i++) {
    const key = load<u64>(at(keys, i));
    let j = i - 1;
    for (; j >= low && load<u64>(at(keys, j)) < key; j--) store<u64>(at(keys, j + 1), load<u64>(at(keys, j)));
    store<u64>(at(keys, j + 1), key);
  }
}
