/** A ranked list: its items, the best first, and their scores; null where popularity fills it up. */
export interface RankedList<T> {
  readonly items: readonly T[];
  readonly scores: readonly (number | null)[];
}

/**
 * Whether a list is the one that was expected. Items of almost equal scores may change places, as kernels of different
 * machines round differently; all else counts.
 * @param tolerance largest difference of two scores that count as equal, as a share of the list's largest
 */
export function sameList<T>(expected: RankedList<T>, now: RankedList<T>, tolerance: number): boolean {
  const { items, scores } = expected;
  if (now.items.length !== items.length) return false;
  const largest = scores.reduce<number>((most, score) => Math.max(most, Math.abs(score ?? 0)), 0);
  const close = (a: number | null = null, b: number | null = null): boolean =>
    a === b || (a !== null && b !== null && Math.abs(a - b) <= tolerance * largest);
  return items.every((item, place) => {
    // Popularity is counted, and gives the same items in the same order everywhere.
    if ((scores[place] ?? null) === null) return now.items[place] === item;
    if (!close(scores[place], now.scores[place])) return false;
    if (now.items[place] === item) return true;
    const found = now.items.indexOf(item);
    // Where the list ends inside almost equal scores, another of them may have come in.
    return close(scores[place], found < 0 ? scores.at(-1) : now.scores[found]);
  });
}
