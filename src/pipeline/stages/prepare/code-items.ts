import * as z from 'zod/mini';
import { integersOf } from '../../data/duckdb-chunk.ts';
import type { DuckDBSession, OnFraction } from '../../data/duckdb-session.ts';
import { createLookup } from './lookup.ts';
import type { Lookup } from './lookup.ts';
import type { RowView } from './row-view.ts';

export interface CodedItems {
  readonly count: number;
  readonly lookup: Lookup;
}

/**
 * Makes the table `items`: the item columns, the group's, and `item_rows`, one row an item in the order of the codes:
 * by descending rows, ties by the item columns one after the other. An item's code is its row's id. Tuples with nulls
 * are items too, and come first.
 */
export async function codeItems(
  session: DuckDBSession,
  view: RowView,
  onFraction: OnFraction,
): Promise<CodedItems> {
  const columns = view.item.join(', ');
  const group =
    view.group === undefined || view.item.includes(view.group) ? '' : `, min(${view.group}) AS ${view.group}`;
  await session.run(
    `CREATE TABLE items AS SELECT ${columns}${group}, count(*)::BIGINT AS item_rows FROM source_rows GROUP BY ${columns}
     ORDER BY item_rows DESC, ${view.item.map((column) => `${column} NULLS FIRST`).join(', ')}`,
    onFraction,
  );
  const { n } = await session.row('SELECT count(*)::DOUBLE AS n FROM items', z.object({ n: z.number() }));
  return {
    count: n,
    lookup: await createLookup(session, { table: 'items', columns: view.item, code: 'rowid::INTEGER' }),
  };
}

export interface CodedGroups {
  readonly count: number;
  /** The code of each item's group, −1 for none. */
  readonly codes: Int32Array;
}

/**
 * Makes the table `item_groups` (`group_value`, `group_rows`) in the order of the groups' codes: by descending rows,
 * ties by value.
 */
export async function codeGroups(
  session: DuckDBSession,
  group: string,
  itemCount: number,
): Promise<CodedGroups> {
  await session.run(
    `CREATE TABLE item_groups AS SELECT ${group} AS group_value, sum(item_rows)::BIGINT AS group_rows FROM items
     WHERE ${group} IS NOT NULL GROUP BY ${group} ORDER BY group_rows DESC, group_value`,
  );
  const { n } = await session.row(
    'SELECT count(*)::DOUBLE AS n FROM item_groups',
    z.object({ n: z.number() }),
  );
  const codes = new Int32Array(itemCount).fill(-1);
  const sql = `SELECT items.rowid::INTEGER, item_groups.rowid::INTEGER FROM items JOIN item_groups ON items.${group} = item_groups.group_value`;
  await session.stream(sql, (chunk) => {
    const [items, groups] = [integersOf(chunk, 0), integersOf(chunk, 1)];
    for (let row = 0; row < items.length; row++) codes[items[row] ?? 0] = groups[row] ?? -1;
  });
  return { count: n, codes };
}
