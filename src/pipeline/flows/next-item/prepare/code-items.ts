import * as z from 'zod/mini';
import { integersOf } from '../../../data/duckdb-chunk.ts';
import type { DuckDBSession, OnFraction } from '../../../data/duckdb-session.ts';
import { CATALOGUE } from './read-catalogue.ts';
import { createLookup } from '../../../data/rows/lookup.ts';
import type { Lookup } from '../../../data/rows/lookup.ts';
import type { RowView } from '../../../data/rows/row-view.ts';

export interface CodedItems {
  /** Those of the catalogue alone included. */
  readonly count: number;
  /** Those with rows. */
  readonly withRows: number;
  readonly lookup: Lookup;
}

/**
 * Makes the table `items`: the item columns, the group's, and `item_rows`, one row an item in the order of the codes:
 * by descending rows, ties by the item columns one after the other. An item's code is its row's id. Tuples with nulls
 * are items too, and come first. Items of the catalogue alone have no rows and so come last, and its group goes before
 * the data's.
 * @param catalogue whether there is a table of the catalogue
 */
export async function codeItems(
  session: DuckDBSession,
  view: RowView,
  catalogue: boolean,
  onFraction: OnFraction,
): Promise<CodedItems> {
  const columns = view.item.join(', ');
  const group = ownGroup(view);
  const counted = `SELECT ${columns}${group === undefined ? '' : `, min(${group}) AS ${group}`}, count(*)::BIGINT AS item_rows FROM source_rows GROUP BY ${columns}`;
  await session.run(
    `CREATE TABLE items AS ${catalogue ? withCatalogue(view, counted) : counted}
     ORDER BY item_rows DESC, ${view.item.map((column) => `${column} NULLS FIRST`).join(', ')}`,
    onFraction,
  );
  const { n, rows } = await session.row(
    'SELECT count(*)::DOUBLE AS n, count(*) FILTER (item_rows > 0)::DOUBLE AS rows FROM items',
    z.object({ n: z.number(), rows: z.number() }),
  );
  return {
    count: n,
    withRows: rows,
    lookup: await createLookup(session, { table: 'items', columns: view.item, code: 'rowid::INTEGER' }),
  };
}

/** The group's column, where it is not among the item's. */
export function ownGroup({ group, item }: RowView): string | undefined {
  return group === undefined || item.includes(group) ? undefined : group;
}

/** Items with their rows, and those of the catalogue, which have none of their own. */
function withCatalogue(view: RowView, counted: string): string {
  const columns = view.item.join(', ');
  const group = ownGroup(view);
  const [grouped, ofRows, listed] =
    group === undefined
      ? ['', '', '']
      : [
          `, coalesce(min(listed_group), min(${group})) AS ${group}`,
          `, ${group}, NULL AS listed_group`,
          `, NULL, ${group}`,
        ];
  const all = `SELECT ${columns}${ofRows}, item_rows, false AS listed FROM (${counted}) UNION ALL SELECT ${columns}${listed}, 0, true FROM ${CATALOGUE}`;
  return `SELECT ${columns}${grouped}, sum(item_rows)::BIGINT AS item_rows, bool_or(listed) AS listed FROM (${all}) GROUP BY ${columns}`;
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
