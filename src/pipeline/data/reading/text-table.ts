/** Delimited text as a table: explicit marks and columns for DuckDB, so that nothing is left to its sniffing. */
import type { Reading } from '../../../protocol/dataset-spec.ts';
import { oneOrMany } from '../../../protocol/text/format.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { escapeGlob, quoteList, quoteName, quoteText } from '../sql-text.ts';
import { dialectOf } from './detect-dialect.ts';
import { columnsOfTable, namesNumbers, uniqueNames } from './header.ts';
import type { TableColumns } from './header.ts';
import type { HiveColumns } from './hive-folders.ts';
import type { RawTable } from './raw-table.ts';
import { BLANKS } from './records.ts';
import type { TextDialect } from './text-dialect.ts';
import type { TextFile } from './text-file.ts';

/** Longest line of a text file, in bytes. DuckDB's own limit for CSV is 2 MB; its buffer holds two such lines either way. */
export const LONGEST_LINE = 16 << 20;
export const LINE_SIZES = `max_line_size = ${LONGEST_LINE}, buffer_size = ${2 * LONGEST_LINE}`;

interface TableFile {
  readonly file: TextFile;
  readonly dialect: TextDialect;
  readonly columns: TableColumns;
}

/** The relation over all files, in their order; files of different columns are put together by name. */
export function textTable(files: readonly TextFile[], told: Reading, hive: HiveColumns): RawTable {
  const first = tableFile(files[0], told, undefined);
  const tables = [first, ...files.slice(1).map((file) => tableFile(file, told, first))];
  const names = uniqueAcross(tables.map(({ columns }) => columns.names));
  const groups = groupsOf(tables);
  const relations = groups.map((group) => `SELECT * FROM ${groupRelation(group, hive)}`);
  return {
    from:
      relations.length === 1
        ? groupRelation(groups[0] ?? [first], hive)
        : `(${relations.join(' UNION ALL BY NAME ')})`,
    columns: [...names, ...hive.names].map((name) => ({
      name,
      sql: quoteName(name),
      shape: { kind: 'value', type: 'VARCHAR' } as const,
    })),
    inPlace: false,
    asText: true,
    ...firstRowOf(first),
    seen: sentencesOf(first, commentsSentence(tables.map(({ dialect }) => dialect))),
  };
}

/** Of a first file without rows the next one's come first. */
function firstRowOf({ dialect, columns }: TableFile): Pick<RawTable, 'first'> {
  const record = dialect.records[columns.header ? 1 : 0];
  if (record?.fields.length !== columns.names.length) return {};
  return { first: record.fields.map((field) => (field === '\\N' ? '' : field)) };
}

function uniqueAcross(all: readonly (readonly string[])[]): string[] {
  return [...new Set(all.flat())];
}

/** @param model the first file, whose columns a piece without a header of its own has, too */
function tableFile(file: TextFile | undefined, told: Reading, model: TableFile | undefined): TableFile {
  if (file === undefined) throw new Error('a source has no files');
  const dialect = dialectOf(
    file.sample,
    { ...told, ...(model === undefined ? {} : marksOf(model)) },
    'table',
  );
  const columns = columnsOfTable(dialect, told.header ?? headerAfter(model, dialect));
  const piece = model !== undefined && !columns.header && !columns.headerInComments;
  if (piece && columns.names.length === model.columns.names.length)
    return { file, dialect, columns: { ...columns, names: model.columns.names } };
  if (piece) checkDelimiter(file, told, model);
  if (piece && model.columns.header)
    throw new UserError(
      `${file.file} has ${oneOrMany(columns.names.length, 'one column without a name', (figure) => `${figure} columns without names`)}, and ${model.file.file} has ${model.columns.names.length} with names.`,
      'Give files of the same columns, or say whether they have a header (--header, --no-header).',
    );
  return { file, dialect, columns };
}

/** @throws UserError where the file is parted otherwise than the first */
function checkDelimiter(
  { file, sample }: TextFile,
  told: Reading,
  { file: first, dialect }: TableFile,
): void {
  const { delimiter } = dialectOf(sample, told, 'table');
  if (delimiter === dialect.delimiter) return;
  throw new UserError(
    `The files are written differently: the fields of ${first.file} are parted by ${markName(dialect.delimiter)}, and those of ${file} by ${markName(delimiter)}.`,
    'Write them alike, or give those that are written alike only.',
  );
}

function marksOf({ dialect }: TableFile): Pick<Reading, 'delimiter'> {
  return { delimiter: dialect.delimiter };
}

/** The first line of a later file is a header where it has a name of the first file's, or words where numbers stand below. */
function headerAfter(model: TableFile | undefined, dialect: TextDialect): boolean | undefined {
  if (model === undefined) return undefined;
  if (!model.columns.header) return false;
  const names = uniqueNames(dialect.records[0]?.fields ?? []);
  return names.some((name) => model.columns.names.includes(name)) || namesNumbers(dialect.records);
}

/** Files that follow each other and are written alike. */
function groupsOf(tables: readonly TableFile[]): TableFile[][] {
  const groups: TableFile[][] = [];
  let last = '';
  for (const table of tables) {
    const key = JSON.stringify([relationOptions(table), isOfBlanks(table)]);
    if (key === last) groups.at(-1)?.push(table);
    else groups.push([table]);
    last = key;
  }
  return groups;
}

/** Runs of blanks part fields; where quotes enclose some, each blank does. */
function isOfBlanks({ dialect }: TableFile): boolean {
  return dialect.delimiter === BLANKS && dialect.quote === '';
}

function groupRelation(group: readonly TableFile[], hive: HiveColumns): string {
  const [first] = group;
  if (first === undefined) throw new Error('a group has no files');
  const files = quoteList(group.map(({ file }) => escapeGlob(file.path)));
  if (isOfBlanks(first)) return blankRelation(files, first, hive);
  const table = `read_csv(${files}, ${hive.option}, ${relationOptions(first)})`;
  const [name = '', ...more] = first.columns.names;
  // Of one column, DuckDB takes an empty line for a row.
  return more.length === 0 ? `(SELECT * FROM ${table} WHERE ${quoteName(name)} IS NOT NULL)` : table;
}

function relationOptions({ file, dialect, columns }: TableFile): string {
  const typed = columns.names.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(', ');
  const marks = `delim = ${quoteText(dialect.delimiter)}, quote = ${quoteText(dialect.quote)}, escape = ${quoteText(dialect.escape)}`;
  const newLine =
    /\r(?!\n)/.test(file.sample.text) && !file.sample.text.includes('\n') ? ", new_line = '\\r'" : '';
  return `auto_detect = false, header = ${String(columns.header)}, skip = ${skippedLines(dialect)}, columns = {${typed}}, ${marks}, nullstr = ['', '\\N'], comment = '', compression = ${quoteText(file.compression)}${newLine}, ${LINE_SIZES}`;
}

function skippedLines({ comments, records }: TextDialect): number {
  return Math.max(comments.length, (records[0]?.line ?? 1) - 1);
}

/** Fields parted by runs of blanks: each line is read whole, and then parted. */
function blankRelation(files: string, { file, dialect, columns }: TableFile, hive: HiveColumns): string {
  const skip = skippedLines(dialect) + (columns.header ? 1 : 0);
  const lines = linesRelation(
    files,
    `skip = ${skip}, compression = ${quoteText(file.compression)}, ${hive.option}`,
  );
  const words = `SELECT ${WORDS} AS words${hive.names.map((name) => `, ${quoteName(name)}`).join('')} FROM ${lines} WHERE ${FILLED}`;
  const width = columns.names.length;
  const checked = `CASE WHEN len(words) = ${width} THEN words ELSE error('Fields by blanks: ' || len(words) || ' and not ${width}: ' || array_to_string(words, ' ')) END`;
  const fields = columns.names.map((name, at) => `nullif(words[${at + 1}], '\\N') AS ${quoteName(name)}`);
  return `(SELECT ${[...fields, ...hive.names.map(quoteName)].join(', ')} FROM (SELECT ${checked} AS words${hive.names.map((name) => `, ${quoteName(name)}`).join('')} FROM (${words})))`;
}

/** Whole lines as the column `line`. */
export function linesRelation(files: string, options: string): string {
  return `read_csv(${files}, columns = {'line': 'VARCHAR'}, header = false, auto_detect = false, delim = '\x01', quote = '', escape = '', comment = '', strict_mode = false, new_line = '\\n', ${options}, ${LINE_SIZES})`;
}

export const FILLED = `trim(line, E' \\t\\r') <> ''`;
export const WORDS = `string_split(regexp_replace(trim(line, E' \\t\\r'), '[ \\t]+', ' ', 'g'), ' ')`;

const NAMES_OF_MARKS: Readonly<Record<string, string>> = {
  ',': 'commas',
  '\t': 'tabs',
  ';': 'semicolons',
  '|': 'bars',
  ' ': 'blanks',
  '\u0001': 'the control character 1',
};

/** A delimiter as people call it. */
export function markName(delimiter: string): string {
  return NAMES_OF_MARKS[delimiter] ?? `‘${delimiter}’`;
}

/** What is left out of all files, if anything is. */
export function commentsSentence(dialects: readonly Pick<TextDialect, 'comments'>[]): string[] {
  const lines = dialects.reduce((sum, { comments }) => sum + comments.length, 0);
  if (lines === 0) return [];
  return [
    oneOrMany(
      lines,
      'one line of comments is left out',
      (figure) => `${figure} lines of comments are left out`,
    ),
  ];
}

function sentencesOf({ file, dialect, columns }: TableFile, comments: readonly string[]): string[] {
  const plain =
    dialect.delimiter === ',' && columns.header && file.encoding === 'utf-8' && comments.length === 0;
  if (plain) return [];
  const [name = '', ...more] = columns.names;
  const unnamed =
    more.length === 0
      ? `no line names the column, so it is ${name}`
      : `no line names the columns, so they are ${columns.names.slice(0, 2).join(', ')} and so on`;
  return [
    more.length === 0 ? 'each line is one field' : `fields are parted by ${markName(dialect.delimiter)}`,
    columns.header || columns.headerInComments ? 'the first line names the columns' : unnamed,
    ...comments,
    ...(file.encoding === 'utf-8' ? [] : [`the text is ${file.encoding}`]),
  ];
}
