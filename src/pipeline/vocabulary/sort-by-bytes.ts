import { NAME_END } from './folded-names.ts';

/** A part of the places that are alike in their first `depth` bytes. */
interface Part {
  readonly low: number;
  readonly high: number;
  readonly depth: number;
}

/** Below this, places are put in order one by one. */
const SMALL = 12;
/** Places looked at between two pauses, about. */
const BLOCK = 1 << 18;

/**
 * Sorts places of a buffer by the bytes that stand there up to the next `NAME_END`: multikey quicksort (Bentley and
 * Sedgewick, 1997, “Fast algorithms for sorting and searching strings”), which looks at each byte about once.
 */
export function* sortByBytes(bytes: Uint8Array, places: Uint32Array): Generator<void> {
  const parts: Part[] = [{ low: 0, high: places.length, depth: 0 }];
  let work = 0;
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    const { low, high, depth } = part;
    if (high - low <= SMALL) insert(bytes, places, part);
    else {
      const [less, more, pivot] = partition(bytes, places, part);
      if (less - low > 1) parts.push({ low, high: less, depth });
      if (high - more > 1) parts.push({ low: more, high, depth });
      if (pivot !== NAME_END) parts.push({ low: less, high: more, depth: depth + 1 });
    }
    work += high - low;
    if (work < BLOCK) continue;
    work = 0;
    yield;
  }
}

/** @returns the first place with the pivot's byte, the first with a larger one, and the byte */
function partition(
  bytes: Uint8Array,
  places: Uint32Array,
  { low, high, depth }: Part,
): [less: number, more: number, pivot: number] {
  const byteAt = (i: number): number => bytes[(places[i] ?? 0) + depth] ?? 0;
  const pivot = middleOf(byteAt(low), byteAt((low + high) >>> 1), byteAt(high - 1));
  let [less, i, more] = [low, low, high];
  while (i < more) {
    const place = places[i] ?? 0;
    const byte = bytes[place + depth] ?? 0;
    if (byte === pivot) i++;
    else if (byte < pivot) {
      places[i++] = places[less] ?? 0;
      places[less++] = place;
    } else {
      places[i] = places[--more] ?? 0;
      places[more] = place;
    }
  }
  return [less, more, pivot];
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

function insert(bytes: Uint8Array, places: Uint32Array, { low, high, depth }: Part): void {
  for (let i = low + 1; i < high; i++) {
    const place = places[i] ?? 0;
    let at = i;
    while (at > low && isBefore(bytes, place + depth, (places[at - 1] ?? 0) + depth)) {
      places[at] = places[at - 1] ?? 0;
      at--;
    }
    places[at] = place;
  }
}

function isBefore(bytes: Uint8Array, a: number, b: number): boolean {
  for (let i = 0; ; i++) {
    const [left, right] = [bytes[a + i] ?? 0, bytes[b + i] ?? 0];
    if (left !== right) return left < right;
    if (left === NAME_END) return false;
  }
}
