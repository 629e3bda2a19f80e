import type { DuckDBSession, OnFraction } from '../../../data/duckdb-session.ts';
import { ITEM_TABLE, SEQUENCE_TABLE } from '../../../data/prepared-data.ts';
import { quoteName, quoteText } from '../../../data/sql-text.ts';
import { PART } from './part.ts';
import type { RowView } from '../../../data/rows/row-view.ts';

/** Names are nearly all different, so a dictionary of them is wasted work. */
const PARQUET = '(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 1)';

/**
 * A column of the data under its own name, unless the table has a column of that name itself: then with `_value` added.
 */
function ownName(name: string, reserved: readonly string[]): string {
  return quoteName(reserved.includes(name.toLowerCase()) ? `${name}_value` : name);
}

function renamed(view: RowView, columns: readonly string[], reserved: readonly string[]): string[] {
  return columns.map((column) => `${column} AS ${ownName(view.original.get(column) ?? column, reserved)}`);
}

/** Writes `items.parquet` from the table `items`, which lies in the order of the codes, and the counts beside it. */
export async function writeItems(
  session: DuckDBSession,
  view: RowView,
  trainCounts: Uint32Array,
  groups: Int32Array | undefined,
  file: string,
  onFraction: OnFraction,
): Promise<void> {
  const counts = new Int32Array(trainCounts.buffer, trainCounts.byteOffset, trainCounts.length);
  await session.createIntegerTable('item_counts', {
    train_rows: counts,
    ...(groups === undefined ? {} : { group_code: groups }),
  });
  const columns = [
    'items.rowid::INTEGER AS item',
    ...renamed(view, view.item, ITEM_TABLE),
    'item_rows AS rows',
    'train_rows',
    ...(groups === undefined ? [] : ['group_code']),
  ];
  await session.run(
    `COPY (SELECT ${columns.join(', ')} FROM items POSITIONAL JOIN item_counts) TO ${quoteText(file)} ${PARQUET}`,
    onFraction,
  );
}

/** Writes `sequences.parquet` from the kept rows of the table `sequences`, which lies in the order of the indices. */
export async function writeSequenceTable(session: DuckDBSession, view: RowView, file: string): Promise<void> {
  const columns = [
    'rowid::INTEGER AS sequence',
    ...renamed(view, view.sequence, SEQUENCE_TABLE),
    ...(view.user === undefined ? [] : ['user_value AS "user"']),
    `CASE part WHEN ${PART.train} THEN 'train' WHEN ${PART.validation} THEN 'validation' WHEN ${PART.test} THEN 'test' ELSE 'all' END AS split`,
    'sequence_rows::INTEGER AS length',
  ];
  await session.run(
    `COPY (SELECT ${columns.join(', ')} FROM sequences WHERE part <> ${PART.dropped} ORDER BY rowid) TO ${quoteText(file)} ${PARQUET}`,
  );
}
