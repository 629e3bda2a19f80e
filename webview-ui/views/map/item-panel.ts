/** One item: what is known of it, and its nearest in the model. */
import { itemLabel } from '../../../src/drawing/item-label.ts';
import { h } from '../../kit/element.ts';
import type { Child, Drawn } from '../../kit/element.ts';
import { count, rate } from '../../kit/format.ts';
import { name } from '../../kit/parts.ts';
import { itemList } from './item-list.ts';
import type { MapItems } from './map-items.ts';
import type { MapText } from './map-text.ts';
import type { Picture } from './picture.ts';

export interface Neighbours {
  readonly rows: readonly number[];
  readonly scores: readonly number[];
}

export interface ItemPanelOptions {
  readonly row: number;
  readonly items: MapItems;
  readonly picture: Picture | undefined;
  /** Absent: not told yet. `unknown`: nobody can be asked. */
  readonly neighbours: Neighbours | 'unknown' | undefined;
  readonly text: MapText;
  readonly open: (row: number | undefined) => void;
}

/** How many of an item's nearest in the model are as near on the map. */
export function keptNear(row: number, { rows }: Neighbours, picture: Picture): { kept: number; of: number } {
  const placed = rows.filter((other) => other < picture.rows);
  const near = new Set(picture.grid.nearestTo(row, placed.length));
  return { kept: placed.filter((other) => near.has(other)).length, of: placed.length };
}

export function itemPanel(options: ItemPanelOptions): Drawn {
  const { row, items, text, open } = options;
  return h(
    'section',
    { class: 'map-part', id: 'map-item' },
    h(
      'div',
      { class: 'part-head' },
      h('h2', {}, name(itemLabel(items.name(row), 120), 120)),
      h('button', { type: 'button', class: 'button', onClick: () => open(undefined) }, text('close')),
    ),
    h('p', { class: 'sub' }, text('rows', count(items.counts[row] ?? 0))),
    ...neighbourParts(options),
  );
}

function neighbourParts({ row, items, picture, neighbours, text, open }: ItemPanelOptions): Child[] {
  if (neighbours === undefined) return [];
  if (neighbours === 'unknown') return [h('p', { class: 'sub' }, text('notInFile'))];
  const { rows, scores } = neighbours;
  if (rows.length === 0) return [h('p', { class: 'sub' }, text('noNeighbours'))];
  return [
    picture !== undefined &&
      row < picture.rows &&
      h('p', { id: 'map-kept' }, keptText(row, neighbours, picture, text)),
    h('h3', {}, text('neighbours')),
    itemList({
      rows,
      items,
      text,
      current: row,
      open,
      figure: (_, place) => rate(scores[place] ?? NaN, 3),
    }),
  ];
}

function keptText(row: number, neighbours: Neighbours, picture: Picture, text: MapText): string {
  const { kept, of } = keptNear(row, neighbours, picture);
  return text('keptNear', String(kept), String(of));
}
