/** The items of a model's vectors, in their order: what the data say of them, and what the model knows of them. */
import * as z from 'zod/mini';
import { messageOf } from '../../protocol/user-error.ts';
import { withDuckDB, type DuckDBSession } from '../data/duckdb-session.ts';
import { ITEM_TABLE } from '../data/prepared-data.ts';
import { escapeGlob, quoteName, quoteText } from '../data/sql-text.ts';
import { nameSql } from '../model/item-names.ts';
import type { OpenVectors } from '../model/open-vectors.ts';
import { DamagedFileError } from '../store/damaged-file.ts';
import type { ExportJob } from './exporter.ts';

/** MiB; what is held is names, and what is being written. */
const MEMORY = 2048;

/** A column of the data's own: its name, and how it is called in the table. */
export interface OwnColumn {
  readonly name: string;
  readonly column: string;
}

/** The table `item_rows`: `place` (row of the vectors), `item` (code), `name`, `train_rows`, `groups`, and `own`. */
export interface ItemRows {
  readonly session: DuckDBSession;
  readonly own: readonly OwnColumn[];
  /** `group_code`, where the data have groups. */
  readonly groups: readonly string[];
}

/** Makes the table, hands it to `use`, and forgets it. @throws UserError where the model's table of items is broken */
export async function withItemRows<T>(
  opened: OpenVectors,
  { signal }: ExportJob,
  use: (rows: ItemRows) => Promise<T>,
): Promise<T> {
  // One thread, so that equal vectors give equal bytes.
  return withDuckDB({ memoryLimit: MEMORY, threads: 1, ...(signal && { signal }) }, async (session) => {
    await session.createIntegerTable('vector_rows', arraysOf(opened));
    const own = await readItems(session, opened).catch((error: unknown) => {
      signal?.throwIfAborted();
      if (error instanceof DamagedFileError) throw error;
      const [said = ''] = messageOf(error).split('\n');
      throw new DamagedFileError(opened.itemsFile, `it cannot be read as parquet (${said})`, {
        cause: error,
      });
    });
    const groups = opened.catalogue.itemGroups === undefined ? [] : ['group_code'];
    return use({ session, own, groups });
  });
}

/** Counts are those of the model, which may have seen more rows than the table of items tells of. */
function arraysOf({ vectors: { items }, catalogue }: OpenVectors): Record<string, Int32Array> {
  const { trainCounts, itemGroups } = catalogue;
  return {
    place: Int32Array.from(items.keys()),
    item: items,
    train_rows: items.map((item) => trainCounts[item] ?? 0),
    ...(itemGroups && { group_code: items.map((item) => itemGroups[item] ?? -1) }),
  };
}

async function readItems(session: DuckDBSession, { itemsFile, vectors }: OpenVectors): Promise<OwnColumn[]> {
  const table = `read_parquet(${quoteText(escapeGlob(itemsFile))})`;
  const columns = (await session.columns(`SELECT * FROM ${table}`)).map(({ name }) => name);
  const own = columns
    .filter((name) => !ITEM_TABLE.includes(name))
    .map((name, at) => ({ name, column: `own_${at}` }));
  const told = own.map(({ name, column }) => `, told.${quoteName(name)} AS ${column}`).join('');
  await session.run(
    `CREATE TABLE item_rows AS SELECT vector_rows.*, ${nameSql(columns)} AS name${told} FROM vector_rows JOIN ${table} told ON told.item = vector_rows.item ORDER BY vector_rows.place`,
  );
  const { rows } = await session.row(
    'SELECT count(*)::DOUBLE AS rows FROM item_rows',
    z.object({ rows: z.number() }),
  );
  if (rows !== vectors.items.length)
    throw new DamagedFileError(
      itemsFile,
      `it tells of ${rows} of the ${vectors.items.length} items with a vector`,
    );
  return own;
}
