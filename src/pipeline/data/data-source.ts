import * as fs from 'node:fs/promises';
import type { DataFormat } from '../../protocol/dataset-spec.ts';
import { UserError } from '../../protocol/user-error.ts';
import { escapeGlob, quoteList, quoteName } from './sql-text.ts';

/** Files of one format, in the order in which their rows follow each other. */
export interface DataSource {
  readonly format: DataFormat;
  /** Absolute paths. */
  readonly files: readonly string[];
}

/** Longest line of a text file, in bytes. DuckDB's own limit for CSV is 2 MB; its buffer holds two such lines either way. */
const LONGEST_LINE = 16 << 20;
const LINE_SIZES = `max_line_size = ${LONGEST_LINE}, buffer_size = ${2 * LONGEST_LINE}`;

export interface RelationOptions {
  /** Columns of a CSV file to be taken as the text they are, so that `007` stays `007`. */
  readonly asText?: readonly string[];
}

/** The SQL table function that reads a source; its rows come in file order where the query keeps order. */
export function relationOf(source: DataSource, options: RelationOptions = {}): string {
  const files = quoteList(source.files.map(escapeGlob));
  switch (source.format) {
    case 'parquet':
      return `read_parquet(${files}, hive_partitioning = false)`;
    case 'csv':
      return `read_csv(${files}, hive_partitioning = false, ${LINE_SIZES}${textTypes(options.asText ?? [])})`;
    case 'jsonl':
      return `read_json(${files}, hive_partitioning = false, maximum_object_size = ${LONGEST_LINE})`;
    case 'sequences':
      return sequencesRelation(files);
  }
}

function textTypes(columns: readonly string[]): string {
  if (columns.length === 0) return '';
  return `, types = {${columns.map((column) => `${quoteName(column)}: 'VARCHAR'`).join(', ')}}`;
}

/**
 * One sequence a line: its key, then its items in order, parted by blanks or tabs. Of each row one also knows its file
 * (by name, without folder and extension), for data with a fixed split in files of their own, and its line, counted
 * through all files, for lines in order of time.
 */
function sequencesRelation(files: string): string {
  const lines = `read_csv(${files}, hive_partitioning = false, columns = {'line': 'VARCHAR'}, filename = true, header = false, auto_detect = false, delim = '\x01', quote = '', escape = '', comment = '', strict_mode = false, new_line = '\\n', ${LINE_SIZES})`;
  const words = `SELECT string_split(regexp_replace(trim(line, E' \\t\\r'), '[ \\t]+', ' ', 'g'), ' ') AS words, filename, row_number() OVER () AS line FROM ${lines} WHERE trim(line, E' \\t\\r') <> ''`;
  const rows = `SELECT words[1] AS sequence, unnest(words[2:]) AS item, unnest(range(1, len(words))) AS position, regexp_extract(parse_filename(filename), '^[^.]+') AS file, line FROM (${words})`;
  return `(${rows})`;
}

const PARQUET_MAGIC = Buffer.from('PAR1');

/**
 * Says what is wrong with a parquet file that does not begin or does not end as one.
 * @throws UserError for an empty, a cut-off, or another kind of file
 */
export async function checkParquetFile(file: string): Promise<void> {
  const handle = await fs.open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size === 0) throw new UserError(`${file} is empty.`, 'Check that the file was written completely.');
    const head = await handle.read(Buffer.alloc(4), 0, 4, 0);
    const tail = await handle.read(Buffer.alloc(4), 0, 4, Math.max(0, size - 4));
    if (!head.buffer.equals(PARQUET_MAGIC))
      throw new UserError(
        `${file} is not a parquet file: it does not begin with PAR1.`,
        'Give it the extension of its real format (.csv, .jsonl), or write it as parquet again.',
      );
    if (size < 12 || !tail.buffer.equals(PARQUET_MAGIC))
      throw new UserError(
        `${file} is a truncated parquet file: its end is missing.`,
        'Copy or download it again; it was not written completely.',
      );
  } finally {
    await handle.close();
  }
}
