/** What is selected, as a list to copy and to save. */
import { h } from '../../kit/element.ts';
import type { Drawn } from '../../kit/element.ts';
import { itemList } from './item-list.ts';
import { listButtons } from './list-buttons.ts';
import type { MapItems } from './map-items.ts';
import { countText, type MapText } from './map-text.ts';
import type { Selection } from './selection.ts';

export interface SelectionPanelOptions {
  readonly selection: Selection | undefined;
  readonly items: MapItems;
  readonly text: MapText;
  readonly current: number | undefined;
  readonly open: (row: number) => void;
  readonly copy: (rows: readonly number[]) => void;
  readonly save: (rows: readonly number[]) => void;
  readonly clear: () => void;
}

export function selectionPanel(options: SelectionPanelOptions): Drawn {
  const { selection, text } = options;
  const heading = selection?.kind === 'search' ? text('matches') : text('selection');
  return h(
    'section',
    { class: 'map-part', id: 'map-selection' },
    h(
      'h2',
      {},
      h(
        'span',
        { role: 'status' },
        selection === undefined ? heading : `${heading} · ${countText(selection.rows.length, text)}`,
      ),
    ),
    selection === undefined
      ? h('p', { class: 'sub' }, text('nothingSelected'))
      : h(
          'div',
          {},
          listButtons({ ...options, id: 'map-copy', rows: selection.rows }),
          list(options, selection),
        ),
  );
}

function list(options: SelectionPanelOptions, { kind, rows }: Selection): Drawn {
  const { items, text, current, open } = options;
  if (rows.length === 0) return h('p', { class: 'sub' }, text(kind === 'search' ? 'none' : 'nothingInView'));
  return itemList({ rows, items, text, current, open });
}
