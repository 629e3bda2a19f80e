/** Files of any format as one table of plain rows. */
import * as path from 'node:path';
import * as z from 'zod/mini';
import type { Reading } from '../../../protocol/dataset-spec.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { checkParquetFile } from '../data-source.ts';
import type { DataSource } from '../data-source.ts';
import type { DuckDBSession } from '../duckdb-session.ts';
import { guessedLists, listsAround, listsOf } from './choose-lists.ts';
import { withHistories } from './histories.ts';
import { besideFolders, hiveColumns, NO_FOLDERS } from './hive-folders.ts';
import { jsonTable } from './json-table.ts';
import { cellListSql, listIn } from './list-cells.ts';
import { parquetTable } from './parquet-table.ts';
import type { RawTable, RawColumn } from './raw-table.ts';
import { sequenceLines } from './sequence-lines.ts';
import { openText } from './text-file.ts';
import type { Staging, TextFile, TextNeeds } from './text-file.ts';
import { textTable } from './text-table.ts';
import { same, unfold } from './unfold.ts';
import type { List, PlainTable } from './unfold.ts';

export interface OpenedSource extends PlainTable, Pick<RawTable, 'asText'> {
  /** The rows are read where they lie; each also has a `file_index` and a `file_row_number`. */
  readonly inPlace: boolean;
  /** Rows are elements of lists. */
  readonly isUnfolded: boolean;
  readonly seen: readonly string[];
  /** From copies that were made back to the files, for what is said of them. */
  readonly originals: ReadonlyMap<string, string>;
}

/** Columns of a spec that decide which lists are unfolded. */
export interface Roles {
  readonly item: readonly string[];
  /** Absent: not known yet. */
  readonly order?: readonly string[];
}

const LOOKED_AT = 500;

/**
 * @param staging where copies of files go that DuckDB cannot read as they are
 * @param roles where they are known: lists that hold the items are unfolded, with those beside them that give an order;
 * else those that look like it
 * @throws UserError for files that cannot be read
 */
export async function openSource(
  session: DuckDBSession,
  source: DataSource,
  staging: Staging,
  roles?: Roles,
): Promise<OpenedSource> {
  const reading = source.reading ?? {};
  const { table, originals } = await rawTable(session, source, reading, staging);
  const columns = await withCellLists(session, table, reading.listSeparator, roles);
  const lists = roles === undefined ? guessedLists(columns) : listsAround(columns, roles.item);
  const beside = await listsBeside(session, { ...table, columns }, lists, roles);
  const unfolded = [...lists, ...beside];
  const plain = unfold({ ...table, columns }, unfolded);
  const names = unfolded.map((list) => `‘${list.path.join('.')}’`);
  return {
    ...plain,
    asText: table.asText,
    originals,
    inPlace: table.inPlace && unfolded.length === 0,
    isUnfolded: unfolded.length > 0,
    seen: [
      ...table.seen,
      ...(names.length === 0 ? [] : [`the lists in ${names.join(', ')} are unfolded, a row an element`]),
    ],
  };
}

interface Raw {
  readonly table: RawTable;
  readonly originals: ReadonlyMap<string, string>;
}

async function rawTable(
  session: DuckDBSession,
  source: DataSource,
  reading: Reading,
  staging: Staging,
): Promise<Raw> {
  const hive = hiveColumns(source.files);
  switch (source.format) {
    case 'parquet':
      for (const file of source.files) await checkParquetFile(file);
      return {
        table: await besideFolders(hive, (folders) => parquetTable(session, source.files, folders)),
        originals: new Map(),
      };
    case 'arrow':
    case 'excel': {
      const copies = await rewritten(source, reading, staging);
      const files = await openAll(
        session,
        copies.map(({ copy }) => copy),
        { encoding: 'utf-8', unmarked: false },
        staging,
      );
      const table =
        source.format === 'arrow'
          ? await jsonOf(session, files)
          : textTable(files, { ...reading, delimiter: ',' }, NO_FOLDERS);
      return { table, originals: new Map(copies.map(({ file, copy }) => [copy, file])) };
    }
    case 'csv':
    case 'jsonl':
    case 'sequences': {
      const files = await openAll(
        session,
        source.files,
        { ...encodingIn(reading), unmarked: source.format === 'jsonl' },
        staging,
      );
      const originals = new Map(files.map(({ file, path: copy }) => [copy, file]));
      const table = await besideFolders(hive, (folders) => {
        if (source.format === 'jsonl') return jsonOf(session, files, folders);
        if (source.format === 'sequences') return sequenceLines(files, reading, folders);
        return textTable(files, reading, folders);
      });
      if (source.format !== 'csv') return { table, originals };
      await checkFirstRow(session, table, source.files[0] ?? '');
      return { table: withHistories(table), originals };
    }
  }
}

function encodingIn({ encoding }: Reading): Pick<TextNeeds, 'encoding'> {
  return encoding === undefined ? {} : { encoding };
}

async function jsonOf(
  session: DuckDBSession,
  files: readonly TextFile[],
  hive = NO_FOLDERS,
): Promise<RawTable> {
  const bytes = await Promise.all(files.map(async (file) => await sizeOf(file)));
  return await jsonTable(
    session,
    files,
    bytes.reduce((sum, size) => sum + size, 0),
    hive,
  );
}

async function sizeOf({ path: file }: TextFile): Promise<number> {
  const { stat } = await import('node:fs/promises');
  return (await stat(file)).size;
}

async function openAll(
  session: DuckDBSession,
  files: readonly string[],
  needs: TextNeeds,
  staging: Staging,
): Promise<TextFile[]> {
  const opened: TextFile[] = [];
  for (const [index, file] of files.entries()) {
    const text = await openText(file, index, needs, staging, session.signal);
    if (text !== undefined) opened.push(text);
  }
  if (opened.length > 0) return opened;
  throw new UserError(
    `${files.join(', ')} holds nothing once it is unpacked.`,
    'Check that the file was written completely.',
  );
}

const LOOK_ROWS = 2000;

async function rewritten(
  source: DataSource,
  reading: Reading,
  staging: Staging,
): Promise<{ file: string; copy: string }[]> {
  const copies: { file: string; copy: string }[] = [];
  for (const [index, file] of source.files.entries()) {
    const copy = path.join(
      staging.scratch,
      `rewritten-${index}.${source.format === 'arrow' ? 'jsonl' : 'csv'}`,
    );
    if (source.format === 'arrow') {
      const { writeArrowAsJson } = await import('./arrow-rows.ts');
      await writeArrowAsJson(file, copy, staging.whole ? Number.POSITIVE_INFINITY : LOOK_ROWS);
    } else {
      const { writeExcelAsCsv } = await import('./excel-rows.ts');
      await writeExcelAsCsv(file, copy, reading.sheet);
    }
    copies.push({ file, copy });
  }
  return copies;
}

/** What DuckDB reads first must be what we saw first: nothing before it was taken for a header or left out. */
async function checkFirstRow(session: DuckDBSession, table: RawTable, file: string): Promise<void> {
  if (table.first === undefined) return;
  const selected = table.columns.map(({ sql }, at) => `${sql} AS c${at}`);
  const [row] = await session.rows(
    `SELECT ${selected.join(', ')} FROM ${table.from} LIMIT 1`,
    z.record(z.string(), z.nullable(z.string())),
  );
  const alike = row !== undefined && table.first.every((field, at) => (row[`c${at}`] ?? '') === field);
  if (alike) return;
  throw new UserError(
    `The beginning of ${file} can be read in two ways: its first row is ‘${table.first.join(' ')}’ or ‘${Object.values(row ?? {}).join(' ')}’.`,
    'Say how it is written: --header or --no-header, --delimiter, --quote, --comment.',
    { remedy: 'specFile' },
  );
}

/** Columns of text whose cells are lists, as lists. */
async function withCellLists(
  session: DuckDBSession,
  table: RawTable,
  separator: string | undefined,
  roles: Roles | undefined,
): Promise<readonly RawColumn[]> {
  const texts = table.columns.filter(
    ({ name, shape }) =>
      shape.type === 'VARCHAR' &&
      (roles === undefined ||
        roles.item.includes(name) ||
        roles.order === undefined ||
        roles.order.includes(name)),
  );
  if (texts.length === 0) return table.columns;
  const selected = texts.map(({ sql }, at) => `${sql} AS c${at}`);
  const rows = await session.rows(
    `SELECT ${selected.join(', ')} FROM ${table.from} LIMIT ${LOOKED_AT}`,
    z.record(z.string(), z.nullable(z.string())),
  );
  const lists = new Map(
    texts.map(
      ({ name }, at) =>
        [
          name,
          listIn(
            rows.map((row) => row[`c${at}`] ?? null),
            separator,
          ),
        ] as const,
    ),
  );
  if (roles?.item.every((name) => lists.get(name) === undefined) === true) return table.columns;
  return table.columns.map((column) => {
    const list = lists.get(column.name);
    if (list === undefined) return column;
    return {
      name: column.name,
      sql: cellListSql(column.sql, list),
      shape: { kind: 'list', element: { kind: 'value', type: 'VARCHAR' }, type: 'VARCHAR[]' },
    };
  });
}

/** Lists beside the innermost chosen one that are as long as it in every row looked at. */
async function listsBeside(
  session: DuckDBSession,
  table: RawTable,
  chosen: readonly List[],
  roles: Roles | undefined,
): Promise<List[]> {
  const inner = chosen.at(-1);
  if (inner === undefined || inner.inside.length > 0) return [];
  const wanted =
    roles?.order === undefined ? listsOf(table.columns) : listsAround(table.columns, roles.order);
  const others = wanted.filter(
    (list) => list.inside.length === 0 && list.path.length === 1 && !chosen.some(same(list)),
  );
  if (others.length === 0 || inner.path.length > 1) return [];
  if (roles?.order !== undefined) return others;
  const sqlOf = ({ path: [name = ''] }: List): string =>
    table.columns.find((column) => column.name === name)?.sql ?? 'NULL';
  const tests = others.map(
    (list, at) =>
      `coalesce(bool_and(len(${sqlOf(list)}) IS NOT DISTINCT FROM len(${sqlOf(inner)})), false) AS c${at}`,
  );
  const row = await session.row(
    `SELECT ${tests.join(', ')} FROM (SELECT * FROM ${table.from} LIMIT ${LOOKED_AT})`,
    z.record(z.string(), z.boolean()),
  );
  return others.filter((_, at) => row[`c${at}`] === true);
}
