/** A list of items as text that other programs read. */
import type { Colouring } from '../../../src/drawing/colouring.ts';
import type { MapItems } from './map-items.ts';
import type { Picture } from './picture.ts';

/** One name a line, as the data write it; line breaks within a name become blanks. */
export function namesText(rows: readonly number[], items: MapItems): string {
  return rows.map((row) => `${items.name(row).replace(/[\r\n]+/g, ' ')}\n`).join('');
}

/** With places, training rows and what the colour says. */
export function listCsv(
  rows: readonly number[],
  items: MapItems,
  picture: Picture | undefined,
  { entries, ofRow }: Colouring,
): string {
  const lines = rows.map((row) => {
    const place = (axis: number): string => {
      const value = picture?.positions[row * 2 + axis];
      return value === undefined ? '' : String(value);
    };
    return [
      items.name(row),
      String(items.counts[row] ?? 0),
      place(0),
      place(1),
      entries[ofRow[row] ?? 0]?.label ?? '',
    ];
  });
  return [['item', 'train_rows', 'x', 'y', 'colour'], ...lines]
    .map((fields) => `${fields.map(quoted).join(',')}\r\n`)
    .join('');
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
