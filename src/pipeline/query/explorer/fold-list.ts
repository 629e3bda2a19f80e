/** Lists in which near-duplicates are one item. */
import type { TopList } from '../../kinds/ranking/ranker.ts';
import { versionKey } from './near-duplicates.ts';

/** A list as item codes, where the versions of an item that came after it stand with it. */
export interface FoldedItem {
  readonly code: number;
  /** Its place in the list that was folded. */
  readonly at: number;
  readonly versions: number[];
}

/**
 * The first `k` items of a list of which as many are asked for as that takes, near-duplicates folded into the first.
 * @param own keys of what was asked for, whose versions are left out
 * @param fetch a list of the best so many items: its beginning is the same however many are asked for
 */
export function foldedList<L extends TopList>(
  k: number,
  own: ReadonlySet<string>,
  name: (code: number) => string,
  fetch: (count: number) => L,
): { readonly list: L; readonly items: readonly FoldedItem[] } {
  for (let count = 2 * k + 16; ; count *= 4) {
    const list = fetch(count);
    const items = fold(list.items, own, name);
    if (items.length >= k || list.items.length < count) return { list, items: items.slice(0, k) };
  }
}

function fold(codes: Int32Array, own: ReadonlySet<string>, name: (code: number) => string): FoldedItem[] {
  const byKey = new Map<string, FoldedItem>();
  codes.forEach((code, at) => {
    const key = versionKey(name(code));
    if (own.has(key)) return;
    const first = byKey.get(key);
    if (first === undefined) byKey.set(key, { code, at, versions: [] });
    else first.versions.push(code);
  });
  return [...byKey.values()];
}
