import { setImmediate as nextTurn } from 'node:timers/promises';
import { UserError } from '../../../protocol/user-error.ts';
import type { Sequences } from '../../data/prepared-data.ts';

/** The items that get vectors, by descending count (ties by ascending code). */
export interface Vocabulary {
  /** Item codes. */
  readonly items: Int32Array;
  /** Training rows of each of the items. */
  readonly counts: Uint32Array;
  /** Row in the kernel's matrices of each of the items. */
  readonly rows: Int32Array;
  /** Into how many ranges (stripes) the rows are cut, all with about as much of the data. */
  readonly stripes: number;
  /** Row of each item code, −1 where the item was dropped. */
  readonly rowOf: Int32Array;
  /** Sum of `counts`: the training rows that are left. */
  readonly total: number;
}

/** How many items are handled before other work of the process gets a turn. */
const TURN = 1 << 22;
/** A stripe of fewer rows would see too many draws of each before threads change stripes, and swing. */
const STRIPE_ROWS = 5000;

async function countItems({ items, offsets }: Sequences, itemCount: number): Promise<Uint32Array> {
  const counts = new Uint32Array(itemCount);
  const end = offsets.at(-1) ?? 0;
  for (let from = offsets[0] ?? 0; from < end; from += TURN) {
    for (const item of items.subarray(from, Math.min(end, from + TURN))) {
      if (item < 0 || item >= itemCount)
        throw new RangeError(`item code ${item} is not below the item count ${itemCount}`);
      counts[item] = (counts[item] ?? 0) + 1;
    }
    await nextTurn();
  }
  return counts;
}

/**
 * Counts items and drops those with fewer than `minCount` rows.
 * @param threads how many stripes there are at most
 * @throws UserError when nothing, or a single item, is left
 */
export async function buildVocabulary(
  sequences: Sequences,
  itemCount: number,
  minCount: number,
  threads = 1,
): Promise<Vocabulary> {
  const allCounts = await countItems(sequences, itemCount);
  const kept: number[] = [];
  allCounts.forEach((count, code) => {
    if (count >= minCount) kept.push(code);
  });
  const present = allCounts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0);
  checkSize(kept.length, present, minCount, allCounts);
  const countOf = (code: number): number => allCounts[code] ?? 0;
  const items = Int32Array.from(kept).sort((a, b) => countOf(b) - countOf(a) || a - b);
  const rowOf = new Int32Array(itemCount).fill(-1);
  const stripes = Math.max(1, Math.min(threads, Math.floor(items.length / STRIPE_ROWS)));
  const rows = stripedRows(items.length, stripes);
  items.forEach((code, index) => (rowOf[code] = rows[index] ?? -1));
  const counts = Uint32Array.from(items, countOf);
  return { items, counts, rows, stripes, rowOf, total: counts.reduce((sum, count) => sum + count, 0) };
}

/** Items go to the stripes in turn, by descending count. */
function stripedRows(count: number, stripes: number): Int32Array {
  const rows = new Int32Array(count);
  let row = 0;
  for (let stripe = 0; stripe < stripes; stripe++) {
    for (let index = stripe; index < count; index += stripes) rows[index] = row++;
  }
  return rows;
}

function checkSize(kept: number, present: number, minCount: number, counts: Uint32Array): void {
  if (kept > 1) return;
  if (present < 2) {
    throw new UserError(
      present === 0
        ? 'The training sequences are empty.'
        : 'The training sequences hold one item only, so there is nothing to learn from.',
      'Check the item columns of the dataset spec and the minimum sequence length.',
    );
  }
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  throw new UserError(
    `${kept === 0 ? 'Every item has' : 'All items but one have'} fewer than ${minCount} training rows (the most frequent has ${most}).`,
    `Lower --min-count, or train on more data.`,
  );
}
