/** The list that the explorer is making, as the map draws it: its items one after another. */
import { h } from '../../kit/element.ts';
import type { Child } from '../../kit/element.ts';
import { itemList } from './item-list.ts';
import type { MapItems } from './map-items.ts';
import { countText, type MapText } from './map-text.ts';

/** The list's names, and the row of each; undefined for one that is not on the map. */
export interface ListPath {
  readonly names: readonly string[];
  readonly rows: readonly (number | undefined)[];
}

export function pathOf(names: readonly string[], items: MapItems): ListPath {
  return { names, rows: items.rowsOf(names) };
}

export function drawnRows({ rows }: ListPath): number[] {
  return rows.filter((row) => row !== undefined);
}

export interface PathPanelOptions {
  readonly path: ListPath | undefined;
  readonly items: MapItems;
  readonly text: MapText;
  readonly current: number | undefined;
  readonly open: (row: number) => void;
}

export function pathPanel({ path, items, text, current, open }: PathPanelOptions): Child {
  if (path === undefined || path.names.length === 0) return false;
  const rows = drawnRows(path);
  const off = path.names.length - rows.length;
  return h(
    'section',
    { class: 'map-part', id: 'map-path' },
    h('h2', {}, `${text('path')} · ${countText(path.names.length, text)}`),
    h('p', { class: 'sub' }, text('pathNote')),
    off > 0 && h('p', { class: 'sub' }, text('pathOff', String(off))),
    itemList({ rows, items, text, current, open, figure: (_, place) => String(place + 1) }),
  );
}
