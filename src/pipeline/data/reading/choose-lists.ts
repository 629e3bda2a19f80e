/** Which lists inside the rows are the sequences. */
import { wordsOf } from '../name-words.ts';
import type { RawColumn } from './raw-table.ts';
import { leavesOf, same } from './unfold.ts';
import type { Leaf, List } from './unfold.ts';

const ITEMS =
  'item product track song movie film article asin isbn sku book video game news aid iid listing recipe'.split(
    ' ',
  );
const HOLDERS =
  'event history sequence seq basket cart click session interaction purchase order impression transaction play view'.split(
    ' ',
  );
/** Columns of a table without a header: their names say nothing. */
const UNNAMED = /^column\d+$/;
const SAYING_NOTHING = ['id', 'ids', 'uri', 'key', 'code', 'no', 'hash', 'name', 'list', 'seq', 'token'];

/** Every list, outer ones first. */
export function listsOf(columns: readonly RawColumn[]): List[] {
  const lists: List[] = [];
  for (const { inside } of leavesOf(columns))
    for (const list of inside) if (!lists.some(same(list))) lists.push(list);
  return lists;
}

/** The lists that these columns lie in. */
export function listsAround(columns: readonly RawColumn[], names: readonly string[]): List[] {
  const leaves = leavesOf(columns).filter(({ name }) => names.includes(name));
  return leaves
    .flatMap(({ inside }) => [...inside])
    .filter((list, at, all) => all.findIndex(same(list)) === at);
}

/**
 * The list that holds the items and those around it, by names; none where a single column names an item, or where
 * several others leave it open.
 */
export function guessedLists(columns: readonly RawColumn[]): List[] {
  const leaves = leavesOf(columns);
  const single = leaves.filter(({ inside }) => inside.length === 0);
  if (single.some(namesItem)) return [];
  const ranked = listsOf(columns)
    .map((list) => ({ list, rank: rankOf(list, leaves) }))
    .sort((a, b) => b.rank - a.rank);
  const [best] = ranked;
  if (best === undefined || best.rank === 0) return [];
  if (best.rank === 1 && single.length > 1) return [];
  return [...best.list.inside, best.list];
}

/** `track_uri` does; `num_tracks` does not. */
function namesItem({ path }: Pick<Leaf, 'path'>): boolean {
  const words = wordsOf(path.at(-1) ?? '').filter((word) => !SAYING_NOTHING.includes(word));
  return words.length > 0 && words.every((word) => isOneOf(word, ITEMS));
}

/**
 * 3: what is in it is called an item; 2: its name is that of a sequence, or it holds records; 1: its values may be items;
 * 0: they are decimals.
 */
function rankOf(list: List, leaves: readonly Leaf[]): number {
  const own = leaves.filter(({ inside }) => inside.at(-1)?.path.join('\0') === list.path.join('\0'));
  const usable = own.filter(({ shape }) => !/^(FLOAT|DOUBLE|DECIMAL)/.test(shape.type));
  if (usable.length === 0) return 0;
  if (usable.some(namesItem)) return 3;
  const [name = ''] = list.path.slice(-1);
  const told = wordsOf(name).some((word) => isOneOf(word, [...ITEMS, ...HOLDERS]));
  return told || usable.length > 1 || UNNAMED.test(name) ? 2 : 1;
}

function isOneOf(word: string, words: readonly string[]): boolean {
  return words.some(
    (known) => word === known || word === `${known}s` || word === `${known}id` || word === `${known}ids`,
  );
}
