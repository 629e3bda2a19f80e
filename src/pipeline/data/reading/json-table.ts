/** JSON as a table: every single value as the text it is, so that no digit is lost. */
import { UserError } from '../../../protocol/user-error.ts';
import type { DuckDBSession } from '../duckdb-session.ts';
import { escapeGlob, quoteList, quoteName, quoteText } from '../sql-text.ts';
import { asTexts } from '../value-shape.ts';
import type { Shape } from '../value-shape.ts';
import type { HiveColumns } from './hive-folders.ts';
import type { RawTable, RawColumn } from './raw-table.ts';
import type { TextFile } from './text-file.ts';

type Layout = 'newline_delimited' | 'array' | 'unstructured';

/** Bytes of JSON up to which all of it is looked through for its fields; of more, so many objects are. */
const LOOKED_THROUGH_BYTES = 256 << 20;
const SAMPLE_OBJECTS = 200_000;
/** Of an object in a line or an array; a document that is one object may be as long as its file. */
const LONGEST_OBJECT = 16 << 20;
const LONGEST_DOCUMENT = 2 ** 31;

/**
 * Objects of one or several a file: a line each, in an array, or one after the other however they are indented. Lines
 * that are arrays are lists without a key.
 * @param bytes of all files
 */
export async function jsonTable(
  session: DuckDBSession,
  files: readonly TextFile[],
  bytes: number,
  hive: HiveColumns,
): Promise<RawTable> {
  const [first] = files;
  if (first === undefined) throw new Error('a source has no files');
  const { layout, arrays } = layoutOf(first.sample.text, first.file);
  const paths = quoteList(files.map(({ path }) => escapeGlob(path)));
  const longest =
    layout === 'unstructured'
      ? Math.min(Math.max(LONGEST_OBJECT, bytes + 1), LONGEST_DOCUMENT)
      : LONGEST_OBJECT;
  const common = `format = '${layout}', compression = ${quoteText(first.compression)}, maximum_object_size = ${longest}, ${hive.option}`;
  if (arrays) return arrayLines(paths, common, hive);
  const sample = bytes <= LOOKED_THROUGH_BYTES ? -1 : SAMPLE_OBJECTS;
  const found = await session.columns(
    `SELECT * FROM read_json(${paths}, ${common}, sample_size = ${sample}, union_by_name = true, maximum_sample_files = ${files.length}, map_inference_threshold = -1, convert_strings_to_integers = false)`,
  );
  if (layout === 'unstructured' && isByKey(found.map(({ shape }) => shape))) return listsByKey(paths, common);
  const own = found.filter(({ name }) => !hive.names.includes(name));
  const typed = own.map(({ name, shape }) => `${quoteName(name)}: ${quoteText(asTexts(shape))}`).join(', ');
  return {
    from: `read_json(${paths}, ${common}, columns = {${typed}})`,
    columns: [...own.map(textColumn), ...hive.names.map((name) => textColumn({ name, shape: TEXT }))],
    inPlace: false,
    asText: true,
    seen: layout === 'newline_delimited' ? [] : ['the JSON is one document, whose objects are rows'],
  };
}

const TEXT: Shape = { kind: 'value', type: 'VARCHAR' };
const TEXTS: Shape = { kind: 'list', element: TEXT, type: 'VARCHAR[]' };

/** As the JSON says its values are, but read as text. */
function textColumn({ name, shape }: { readonly name: string; readonly shape: Shape }): RawColumn {
  return { name, sql: quoteName(name), shape: texts(shape) };
}

function texts(shape: Shape): Shape {
  if (shape.kind === 'value') return TEXT;
  if (shape.kind === 'list') return { ...shape, element: texts(shape.element) };
  return { ...shape, fields: shape.fields.map(([name, field]) => [name, texts(field)] as const) };
}

/** Lines such as `["a", "b"]`: lists of items whose key is its number among the lines with items. */
function arrayLines(paths: string, common: string, hive: HiveColumns): RawTable {
  return {
    from: `(SELECT (row_number() OVER ())::VARCHAR AS sequence, json AS item${hive.names.map((name) => `, ${quoteName(name)}`).join('')} FROM read_json(${paths}, ${common}, records = false, columns = {'json': 'VARCHAR[]'}))`,
    columns: [
      { name: 'sequence', sql: 'sequence', shape: TEXT },
      { name: 'item', sql: 'item', shape: TEXTS },
      ...hive.names.map((name) => ({ name, sql: quoteName(name), shape: TEXT })),
    ],
    inPlace: false,
    asText: true,
    seen: ['each array is a sequence of items only: its key is its number'],
  };
}

/** Lists of single values and nothing else: a document such as `{"key": ["a", "b"], …}`. */
function isByKey(shapes: readonly Shape[]): boolean {
  const fewest = 3;
  return (
    shapes.length >= fewest &&
    shapes.every((shape) => shape.kind === 'list' && shape.element.kind === 'value')
  );
}

function listsByKey(paths: string, common: string): RawTable {
  const entries = `SELECT unnest(map_entries(json)) AS entry FROM read_json(${paths}, ${common}, records = false, columns = {'json': 'MAP(VARCHAR, VARCHAR[])'})`;
  return {
    from: `(SELECT entry.key AS sequence, entry.value AS item FROM (${entries}))`,
    columns: [
      { name: 'sequence', sql: 'sequence', shape: TEXT },
      { name: 'item', sql: 'item', shape: TEXTS },
    ],
    inPlace: false,
    asText: true,
    seen: ['the JSON is one document of lists, each a sequence under its key'],
  };
}

function layoutOf(text: string, file: string): { layout: Layout; arrays: boolean } {
  const start = text.trimStart();
  const [line = '', next = ''] = start.split(/\r?\n/, 2);
  if (start.startsWith('[')) {
    const lines = isJson(line) && (next.trim() === '' || next.startsWith('['));
    const inner = start.slice(1).trimStart();
    if (lines && !inner.startsWith('{') && !inner.startsWith('['))
      return { layout: 'newline_delimited', arrays: true };
    return { layout: 'array', arrays: inner.startsWith('[') };
  }
  if (start.startsWith('{'))
    return {
      layout: isJson(line) && next.trim() !== '' ? 'newline_delimited' : 'unstructured',
      arrays: false,
    };
  throw new UserError(
    `${file} is not JSON: it begins with ‘${start.slice(0, 20)}’.`,
    'Give the format it has (--format csv or sequences), or correct its beginning.',
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
