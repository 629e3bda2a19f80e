/** Text with one sequence a line. */
import type { Reading } from '../../../protocol/dataset-spec.ts';
import { escapeGlob, quoteList, quoteName, quoteText } from '../sql-text.ts';
import { dialectOf } from './detect-dialect.ts';
import type { HiveColumns } from './hive-folders.ts';
import type { RawTable } from './raw-table.ts';
import { BLANKS } from './records.ts';
import type { TextDialect } from './text-dialect.ts';
import type { TextFile } from './text-file.ts';
import { commentsSentence, FILLED, linesRelation, markName, WORDS } from './text-table.ts';

/**
 * One row an item, with the key of its line or, where lines have none, the line's number. Of each row one also knows its
 * file (by name, without folder and extension), for data with a fixed split in files of their own, and its line,
 * counted through all files, for lines in order of time.
 */
export function sequenceLines(files: readonly TextFile[], told: Reading, hive: HiveColumns): RawTable {
  const dialects = files.map(({ sample }) => dialectOf(sample, told, 'sequences'));
  const [dialect] = dialects;
  if (dialect === undefined) throw new Error('a source has no files');
  const marked = hasEndMarks(dialect);
  const keyed = told.key ?? (!marked && beginsWithKeys(dialect));
  const lines = files
    .map((file, at) => {
      const options = `filename = true, skip = ${dialects[at]?.comments.length ?? 0}, compression = ${quoteText(file.compression)}, ${hive.option}`;
      return `SELECT *, ${at} AS file_number FROM ${linesRelation(quoteList([escapeGlob(file.path)]), options)}`;
    })
    .join(' UNION ALL ');
  return {
    from: `(${rowsSql(`(${lines})`, { ...dialect, marked, keyed }, files, hive)})`,
    columns: [
      ...['sequence', 'item', 'position', 'file', 'line'].map((name) => ({
        name,
        sql: quoteName(name),
        shape: {
          kind: 'value',
          type: name === 'position' || name === 'line' ? 'BIGINT' : 'VARCHAR',
        } as const,
      })),
      ...hive.names.map((name) => ({
        name,
        sql: quoteName(name),
        shape: { kind: 'value', type: 'VARCHAR' } as const,
      })),
    ],
    inPlace: false,
    asText: false,
    seen: [
      `each line is a sequence, ${keyed ? 'its key first and then its items' : 'of items only: its key is its number among the lines with items'}, parted by ${markName(dialect.delimiter)}`,
      ...commentsSentence(dialects),
      ...(marked ? ['‘-1’ and ‘-2’ end sets of items and sequences, and are no items'] : []),
      ...(keyed || marked ? [] : ['where lines do begin with keys, say so (--key)']),
    ],
  };
}

interface LineForm extends Pick<TextDialect, 'delimiter'> {
  readonly marked: boolean;
  readonly keyed: boolean;
}

function rowsSql(
  lines: string,
  { delimiter, marked, keyed }: LineForm,
  files: readonly TextFile[],
  hive: HiveColumns,
): string {
  const words =
    delimiter === BLANKS
      ? WORDS
      : `list_transform(string_split(trim(line, E' \\t\\r'), ${quoteText(delimiter)}), lambda word: nullif(trim(word), ''))`;
  const items = marked ? `list_filter(${words}, lambda word: word NOT IN ('-1', '-2'))` : words;
  const names = files.map(({ file }) => quoteText(file));
  const more = hive.names.map((name) => `, ${quoteName(name)}`).join('');
  const split = `SELECT ${items} AS words, list_extract([${names.join(', ')}], file_number + 1) AS filename, row_number() OVER () AS line${more} FROM ${lines} WHERE ${FILLED}`;
  const elements = keyed ? 'words[2:]' : 'words';
  const positions = keyed ? 'range(1, len(words))' : 'range(1, len(words) + 1)';
  return `SELECT ${keyed ? 'words[1]' : 'line::VARCHAR'} AS sequence, unnest(${elements}) AS item, unnest(${positions}) AS position, regexp_extract(parse_filename(filename), '^[^.]+') AS file, line${more} FROM (${split})`;
}

/** The format of SPMF, a library of pattern mining: -1 after each set of items, -2 after the last. */
function hasEndMarks({ records }: Pick<TextDialect, 'records'>): boolean {
  return (
    records.length > 0 && records.every(({ fields }) => fields.at(-1) === '-2' && fields.at(-2) === '-1')
  );
}

/** Of lines of items only, first words come again, and stand in other places too; keys do neither. */
export function beginsWithKeys({ records }: Pick<TextDialect, 'records'>): boolean {
  const firsts = records.map(({ fields }) => fields[0] ?? '');
  const others = new Set(records.flatMap(({ fields }) => fields.slice(1)));
  const distinct = new Set(firsts);
  if (distinct.size === firsts.length) return true;
  const known = [...distinct].filter((word) => others.has(word)).length;
  return known < distinct.size / 2;
}
