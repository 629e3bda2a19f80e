import { ITEM_SEPARATOR } from '../../../src/protocol/dataset-spec.ts';
import { h } from '../../kit/element.ts';
import type { Child, Drawn } from '../../kit/element.ts';
import { cut } from '../../kit/format.ts';

/** Characters of a name that are shown. */
const LIMIT = 160;

/** An item's name in one line of plain text, for labels. */
export function plainName(item: string, limit = 80): string {
  const columns = item.split(ITEM_SEPARATOR);
  return columns.every((column) => column === '') ? '(empty)' : cut(columns.join(' · '), limit);
}

/** The same where it stands between others: set apart from the writing direction around it. */
export function shortName(item: string, limit: number): Drawn {
  return h('bdi', {}, plainName(item, limit));
}

/** An item's name, its columns set apart; as it is in the data where the pointer rests on it. */
export function itemName(item: string): Drawn {
  const columns = cut(item, LIMIT).split(ITEM_SEPARATOR);
  const last = columns.length - 1;
  const parts = columns.flatMap((column, at): Child[] => [
    at > 0 && h('span', { class: 'separator', 'aria-hidden': 'true' }, ' · '),
    at > 0 && h('span', { class: 'hidden-text' }, ' '),
    h('span', { class: at === last ? 'title-column' : 'other-column' }, column),
  ]);
  const isEmpty = columns.every((column) => column === '');
  return h('bdi', { class: 'name', title: cut(item, 2000) }, ...(isEmpty ? ['(empty)'] : parts));
}
