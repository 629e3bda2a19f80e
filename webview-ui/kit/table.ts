/** Real tables: caption, column and row headings with their scope, and a frame that scrolls where the page must not. */
import { h } from './element.ts';
import type { Child, Drawn } from './element.ts';

export interface Column {
  readonly id: string;
  readonly label: string;
  /** Said in full where the label is short. */
  readonly title?: string;
  readonly numeric?: boolean;
  /** For screen readers only, where the cells speak for themselves. */
  readonly labelHidden?: boolean;
  /** Present on columns that can be sorted. */
  readonly sort?: 'ascending' | 'descending' | 'none';
}

export interface Row {
  /** First cell, the heading of the row. */
  readonly head: Child;
  /** The other cells, one a column after the first. */
  readonly cells: readonly Child[];
  readonly emphasis?: boolean;
}

export interface TableOptions {
  readonly id: string;
  readonly caption: string;
  /** Visible captions say more than the heading above; others are for screen readers only. */
  readonly captionShown?: boolean;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly className?: string;
  /** What a click on a column that can be sorted does. */
  readonly sort?: (column: string) => void;
}

/** A table in a frame that can be scrolled by keyboard. */
export function dataTable(options: TableOptions): Drawn {
  const table = h(
    'table',
    { class: options.className },
    h('caption', { class: options.captionShown === true ? undefined : 'hidden-text' }, options.caption),
    h('thead', {}, h('tr', {}, ...options.columns.map((column) => headCell(column, options.sort)))),
    h('tbody', {}, ...options.rows.map((row) => bodyRow(row, options.columns))),
  );
  const frame = {
    id: options.id,
    class: 'table-frame',
    role: 'region',
    tabindex: 0,
    'aria-label': options.caption,
  } as const;
  return h('div', frame, table);
}

function headCell(column: Column, sort: ((column: string) => void) | undefined): Drawn {
  const attributes = {
    scope: 'col',
    class: column.numeric === true ? 'number' : undefined,
    title: column.title,
  };
  if (column.labelHidden === true)
    return h('th', attributes, h('span', { class: 'hidden-text' }, column.label));
  if (column.sort === undefined) return h('th', attributes, column.label);
  const mark = column.sort === 'none' ? '' : column.sort === 'ascending' ? '▲' : '▼';
  const button = h(
    'button',
    { type: 'button', class: 'sort', 'data-column': column.id, onClick: () => sort?.(column.id) },
    column.label,
    h('span', { class: 'sort-mark', 'aria-hidden': 'true' }, mark),
  );
  return h('th', { ...attributes, 'aria-sort': column.sort }, button);
}

function bodyRow(row: Row, columns: readonly Column[]): Drawn {
  const cells = row.cells.map((cell, index) => {
    return h('td', { class: columns[index + 1]?.numeric === true ? 'number' : undefined }, cell);
  });
  return h(
    'tr',
    { class: row.emphasis === true ? 'emphasis' : undefined },
    h('th', { scope: 'row' }, row.head),
    ...cells,
  );
}
