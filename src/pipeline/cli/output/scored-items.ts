import { plainText } from './format.ts';
import { table } from './terminal.ts';

/** A table of items by rank. */
export function scoredItems(items: readonly { readonly item: string; readonly score: number }[]): string {
  return table(
    ['', 'item', 'score'],
    items.map(({ item, score }, i) => [String(i + 1), plainText(item), score.toFixed(4)]),
    [0, 2],
  );
}
