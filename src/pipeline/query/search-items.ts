import type { FoundBy, SearchReply } from '../../protocol/engine.ts';
import type { ItemNames } from '../model/item-names.ts';
import type { OpenModel } from '../model/open-model.ts';
import type { ItemFacts } from './item-facts.ts';

const ORDER: readonly FoundBy[] = ['exact', 'prefix', 'infix', 'fuzzy'];

/**
 * Items whose names are like a text. Codes go by rows of all parts of the data; what is shown are training rows, and so
 * they are put in order by these once more. Misspelt ones stay in the order of their distance.
 */
export function searchItems(
  model: OpenModel,
  names: ItemNames,
  facts: ItemFacts,
  { text, limit }: { readonly text: string; readonly limit: number },
): SearchReply {
  const items = names.search(text, limit).map(({ code, how }) => ({ ...facts.of(code), how }));
  items.sort((a, b) => {
    const byKind = ORDER.indexOf(a.how) - ORDER.indexOf(b.how);
    if (byKind !== 0 || a.how === 'fuzzy') return byKind;
    return Number(b.item === text) - Number(a.item === text) || a.rank - b.rank;
  });
  return { ...model.source, model: model.name, items };
}
