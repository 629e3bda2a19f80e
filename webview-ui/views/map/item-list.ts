/** Items as a list of buttons: all that the map shows, for keyboard and screen reader. */
import { itemLabel } from '../../../src/drawing/item-label.ts';
import { h } from '../../kit/element.ts';
import type { Child, Drawn } from '../../kit/element.ts';
import { count } from '../../kit/format.ts';
import { name } from '../../kit/parts.ts';
import type { MapItems } from './map-items.ts';
import type { MapText } from './map-text.ts';

const SHOWN = 200;

export interface ItemListOptions {
  readonly rows: readonly number[];
  readonly items: MapItems;
  readonly text: MapText;
  /** The row that is looked at. */
  readonly current: number | undefined;
  readonly open: (row: number) => void;
  /** What stands right of a name; absent: training rows. */
  readonly figure?: (row: number, place: number) => Child;
  readonly shown?: number;
}

export function itemList({
  rows,
  items,
  text,
  current,
  open,
  figure = (row) => count(items.counts[row] ?? 0),
  shown = SHOWN,
}: ItemListOptions): Drawn {
  const lines = rows.slice(0, shown).map((row, place) =>
    h(
      'li',
      // An item may stand in a list twice.
      { key: rows.indexOf(row) === place ? row : `${row} at ${place}` },
      h(
        'button',
        {
          type: 'button',
          class: 'item-button',
          'aria-pressed': row === current,
          onClick: () => open(row),
        },
        name(itemLabel(items.name(row), 120), 120),
        h('span', { class: 'item-figure' }, figure(row, place)),
      ),
    ),
  );
  const more = rows.length - shown;
  return h(
    'div',
    {},
    h('ul', { class: 'item-list' }, ...lines),
    more > 0 && h('p', { class: 'sub' }, text('more', count(more))),
  );
}
