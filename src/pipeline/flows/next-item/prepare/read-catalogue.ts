import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as z from 'zod/mini';
import { oneOrMany } from '../../../../protocol/text/format.ts';
import { UserError } from '../../../../protocol/user-error.ts';
import type { DuckDBSession } from '../../../data/duckdb-session.ts';
import { readError } from '../../../data/read-error.ts';
import { catalogueColumns, catalogueSource } from '../../../data/reading/catalogue-file.ts';
import { openSource } from '../../../data/reading/open-source.ts';
import { missingTextSql } from '../../../data/roles/missing.ts';
import { wholeNumberText } from '../../../data/sql-text.ts';
import type { StepContext } from '../../../flow/step-context.ts';
import { WRITTEN } from '../../../data/rows/missing-rows.ts';
import type { RowView } from '../../../data/rows/row-view.ts';
import { shorten } from './shorten.ts';

/** The table of the catalogue's items: the view's item columns and, where it has one of its own, its group's. */
export const CATALOGUE = 'catalogue_items';

/**
 * Makes the table of the items of the catalogue file, each once, with the types they have in the data. Its rows without
 * any item column are left out.
 * @returns false where the run has no catalogue
 * @throws UserError where the file cannot be read, has no item columns, or holds what can be no item of the data
 */
export async function readCatalogue(
  session: DuckDBSession,
  view: RowView,
  { manifest, scratch }: Pick<StepContext, 'manifest' | 'scratch'>,
): Promise<boolean> {
  const file = manifest.data.others?.['catalogue']?.path;
  if (file === undefined) return false;
  const folder = path.join(scratch, 'catalogue');
  await fs.mkdir(folder, { recursive: true });
  try {
    await createTable(session, view, { file, scratch: folder });
  } catch (error) {
    throw readError(error, file);
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
  return true;
}

interface CatalogueSource {
  readonly file: string;
  readonly scratch: string;
}

async function createTable(
  session: DuckDBSession,
  view: RowView,
  { file, scratch }: CatalogueSource,
): Promise<void> {
  const original = (column: string): string => view.original.get(column) ?? column;
  const item = view.item.map(original);
  const spec = { item, ...(view.group === undefined ? {} : { group: original(view.group) }) };
  const source = await catalogueSource(file, { item });
  const opened = await openSource(session, source, { scratch, whole: true }, { item, order: [] });
  const { group } = catalogueColumns(file, spec, [...opened.columns.keys()]);
  const types = await typesOf(session, view);
  // As in the data: of one column a word for nothing is none, of several a tuple with it is a tuple.
  const words = (column: string): boolean =>
    WRITTEN.has(source.format) && (view.item.length === 1 || !view.item.includes(column));
  const read = (column: string): string => {
    const { sql = 'NULL', type = '' } = opened.columns.get(original(column)) ?? {};
    const text = /^(FLOAT|DOUBLE)$/.test(type) ? wholeNumberText(sql) : `(${sql})::VARCHAR`;
    return words(column) ? `CASE WHEN ${missingTextSql(text)} THEN NULL ELSE ${text} END` : text;
  };
  const cast = (column: string): string => `TRY_CAST(${read(column)} AS ${types.get(column) ?? 'VARCHAR'})`;
  for (const column of view.item)
    await requireCast(session, opened.from, read(column), cast(column), {
      file,
      name: original(column),
      type: types.get(column) ?? 'VARCHAR',
    });
  const ownGroup = view.group !== undefined && !view.item.includes(view.group) ? view.group : undefined;
  const grouped =
    ownGroup === undefined
      ? ''
      : `, min(${group === undefined ? 'NULL' : cast(ownGroup)})::${types.get(ownGroup) ?? 'VARCHAR'} AS ${ownGroup}`;
  const columns = view.item.map((column) => `${cast(column)} AS ${column}`);
  const some = view.item.map((column) => `${cast(column)} IS NOT NULL`);
  await session.run(
    `CREATE TABLE ${CATALOGUE} AS SELECT ${columns.join(', ')}${grouped} FROM ${opened.from} WHERE ${some.join(' OR ')} GROUP BY ${view.item.map(cast).join(', ')}`,
  );
}

/** Types of the view's columns. */
async function typesOf(session: DuckDBSession, { item, group }: RowView): Promise<Map<string, string>> {
  const columns = [...new Set([...item, ...(group === undefined ? [] : [group])])];
  const rows = await session.rows(
    `DESCRIBE SELECT ${columns.join(', ')} FROM source_rows`,
    z.object({ column_name: z.string(), column_type: z.string() }),
  );
  return new Map(rows.map(({ column_name: name, column_type: type }) => [name, type]));
}

/** @throws UserError where a value has no counterpart of the type that the data's items have */
async function requireCast(
  session: DuckDBSession,
  from: string,
  read: string,
  cast: string,
  { file, name, type }: { readonly file: string; readonly name: string; readonly type: string },
): Promise<void> {
  if (type === 'VARCHAR') return;
  // A cast rounds decimals, and so makes other identifiers of them.
  const differs = type.includes('INT') ? ` OR NOT regexp_full_match(trim(${read}), '[+-]?[0-9]+')` : '';
  const { n, sample } = await session.row(
    `SELECT count(*)::DOUBLE AS n, min(${read}) AS sample FROM ${from} WHERE ${read} IS NOT NULL AND (${cast} IS NULL${differs})`,
    z.object({ n: z.number(), sample: z.nullable(z.string()) }),
  );
  if (n === 0) return;
  throw new UserError(
    `${oneOrMany(n, '1 value', (count) => `${count} values`)} of column '${name}' of the catalogue ${file}, such as ‘${shorten(sample ?? '', 80)}’, can be no item of the data, whose items are of type ${type}.`,
    'Check that the catalogue names items as the data do, or write the identifiers of both as text.',
  );
}
