import * as z from 'zod/mini';
import type { DuckDBSession, OnFraction } from '../../data/duckdb-session.ts';
import { createLookup } from './lookup.ts';
import type { Lookup } from './lookup.ts';
import { nameOf } from './row-view.ts';
import type { RowView } from './row-view.ts';

/**
 * Makes the table `items`: the item columns, `group_value` where there is a group, and `item_rows`, one row an item
 * in the order of the codes: by descending rows, ties by name, then by the columns themselves. An item's code is its
 * row's id. Rows of null are items too.
 */
export async function codeItems(
  session: DuckDBSession,
  view: RowView,
  onFraction: OnFraction,
): Promise<{ count: number; lookup: Lookup }> {
  const columns = view.item.join(', ');
  const group = groupValue(view);
  const order = [`item_rows DESC`, nameOf(view.item), ...view.item.map((column) => `${column} NULLS FIRST`)];
  await session.run(
    `CREATE TABLE items AS SELECT ${columns}${group === undefined ? '' : `, ${group} AS group_value`}, count(*)::BIGINT AS item_rows
     FROM source_rows GROUP BY ${columns} ORDER BY ${order.join(', ')}`,
    onFraction,
  );
  const { n } = await session.row('SELECT count(*)::DOUBLE AS n FROM items', z.object({ n: z.number() }));
  const lookup = await createLookup(session, { table: 'items', columns: view.item, code: 'rowid::INTEGER' });
  return { count: n, lookup };
}

/** The group of an item: one of its columns, or else the least value its rows have. */
function groupValue(view: RowView): string | undefined {
  if (view.group === undefined) return undefined;
  return view.item.includes(view.group) ? view.group : `min(${view.group})`;
}

/**
 * Makes the table `item_groups` (`item_group`, by descending rows, ties by name) and `item_group_codes`, the group's
 * code of each item in the items' order; an item without a group has −1.
 */
export async function codeGroups(session: DuckDBSession): Promise<number> {
  await session.run(
    `CREATE TABLE item_groups AS SELECT group_value, sum(item_rows)::BIGINT AS group_rows FROM items WHERE group_value IS NOT NULL
     GROUP BY group_value ORDER BY group_rows DESC, group_value::VARCHAR`,
  );
  await session.run(
    `CREATE TABLE item_group_codes AS SELECT items.rowid::INTEGER AS item, coalesce(item_groups.rowid, -1)::INTEGER AS group_code
     FROM items LEFT JOIN item_groups USING (group_value) ORDER BY item`,
  );
  return (await session.row('SELECT count(*)::DOUBLE AS n FROM item_groups', z.object({ n: z.number() }))).n;
}
