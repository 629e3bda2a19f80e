import type { Lookup } from '../../../data/rows/lookup.ts';
import { orderMark, PLACE } from '../../../data/rows/row-view.ts';
import type { RowView } from '../../../data/rows/row-view.ts';

/** Source rows joined with the codes of their sequence (`s`) and their item (`i`). */
export function codedFrom(items: Lookup, sequences: Lookup): string {
  return `FROM source_rows
    JOIN ${sequences.table} AS s ON s.key = ${sequences.key}
    JOIN ${items.table} AS i ON i.key = ${items.key}`;
}

/**
 * Every row as integers, sequence by sequence, in the order of the spec and for equals in file order: the item's code,
 * and where rows of equal sequence and item may still differ, the mark that tells which do.
 */
export function codedRowsSql(view: RowView, items: Lookup, sequences: Lookup): string {
  const places = [...view.order, PLACE].map((column) => `source_rows.${column}`);
  const mark = orderMark(view);
  return `SELECT i.code AS item${mark === undefined ? '' : `, ${mark} AS mark`} ${codedFrom(items, sequences)}
    ORDER BY s.code, ${places.join(', ')}`;
}
