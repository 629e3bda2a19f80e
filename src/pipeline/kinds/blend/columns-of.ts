import type { ColumnOf } from './member-scores.ts';

/** Column of each item code among the items of a blend. */
export function columnsOf(items: Int32Array, itemCount: number): ColumnOf {
  const columnOf = new Int32Array(itemCount).fill(-1);
  items.forEach((item, column) => (columnOf[item] = column));
  return columnOf;
}
