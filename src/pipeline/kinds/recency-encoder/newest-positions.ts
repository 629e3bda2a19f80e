/** How much of long lists training learns from. */

/** Newest positions of a list that stand for what it is asked at its end. */
const NEWEST = 200;
/** Positions an item has at least when older ones are left out: where there are fewer, all are needed. */
const LEAST_AN_ITEM = 30;

/** Lists in which positions are learnt from. */
export interface Lists {
  /** Rows of each list. */
  readonly lengths: Iterable<number>;
  readonly items: number;
  /** Whether lists are asked for what comes after their last item, and for nothing before it. */
  readonly askedAtEnd: boolean;
}

/**
 * Newest positions of each list to learn from; Infinity where it is all of them. Older tastes are left out where lists are
 * asked at their ends alone and each item has positions enough in these.
 * @param given what a person asked for; 0: chosen from the lists
 */
export function newestPositions(given: number, { lengths, items, askedAtEnd }: Lists): number {
  if (given > 0) return given;
  if (!askedAtEnd) return Infinity;
  let left = 0;
  for (const length of lengths) left += Math.max(0, Math.min(length - 1, NEWEST));
  return left >= LEAST_AN_ITEM * items ? NEWEST : Infinity;
}

interface Counted {
  readonly positions: number;
  readonly lists: number;
  readonly items: number;
  readonly askedAtEnd: boolean;
}

/** The fewest positions that may be left, where no more is known of the lists than how many rows they hold together. */
export function leastPositions(given: number, { positions, lists, items, askedAtEnd }: Counted): number {
  if (given > 0) return Math.min(positions, lists);
  return askedAtEnd ? Math.min(positions, LEAST_AN_ITEM * items) : positions;
}
