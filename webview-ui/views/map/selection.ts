/** What is selected: what a lasso encloses, or what a search found. */
import type { Lassoed } from './lassoed.ts';
import type { MapItems } from './map-items.ts';

export interface Selection {
  readonly kind: 'lasso' | 'search';
  /** The most frequent first. */
  readonly rows: readonly number[];
}

/**
 * A search goes before a lasso. It finds hidden items too, which a list can show; a lasso takes what is seen.
 * @param shown rows that the legend shows; absent: all
 */
export function selectionOf(
  search: string,
  lassoed: Lassoed | undefined,
  items: MapItems,
  shown: Uint8Array | undefined,
): Selection | undefined {
  if (search.trim() !== '') return { kind: 'search', rows: items.search(search) };
  if (lassoed === undefined) return undefined;
  const rows = shown === undefined ? lassoed.rows : lassoed.rows.filter((row) => shown[row] === 1);
  return { kind: 'lasso', rows };
}
