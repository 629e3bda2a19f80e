import { plainText } from '../../terminal/format.ts';
import { table } from '../../terminal/terminal.ts';

/** A table of items by rank; an item without a score has a dash. */
export function scoredItems(
  items: readonly { readonly item: string; readonly score: number | null }[],
): string {
  return table(
    ['', 'item', 'score'],
    items.map(({ item, score }, i) => [String(i + 1), plainText(item), score?.toFixed(4) ?? '–']),
    [0, 2],
  );
}
