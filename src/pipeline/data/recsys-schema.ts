/** The JSON schema of `recsys.json`, which gives completion and checks in the editor (`media/recsys.schema.json`). */
import * as z from 'zod/mini';
import { RecsysFile } from '../../protocol/dataset-spec.ts';
import type { DatasetSpec, Reading, Split } from '../../protocol/dataset-spec.ts';

const FIELDS: Record<keyof DatasetSpec, string> = {
  format:
    'parquet, csv (any table of text, also .gz and .zst), jsonl (any JSON), arrow, excel, or sequences: one sequence a line, its key and then its items in order.',
  reading:
    'How the bytes of the files become rows, where that is to be told and not seen from their beginning.',
  sequence: 'Columns whose tuple identifies a sequence: a playlist, basket or session.',
  item: 'Columns whose tuple identifies an item; people see and type them joined by |||.',
  order: 'Columns that order the rows of a sequence, first to last. Empty: file order.',
  user: 'Column of the user; needed by a split by user.',
  group: 'Column that groups items (the artist, the brand), for popularity within the same group.',
  catalogue:
    "Path, relative to this file, of a table of the items there are: the item columns and, where it has it, the group's. Its items can be recommended although no training row holds them.",
  time: 'Column of the time; needed by a split by time. A split by column orders sequences by it.',
  timeFormat:
    'How text in the order and time columns writes a time, as strptime has it: %d/%m/%Y %H:%M. Only needed where the values do not tell, such as whether day or month comes first.',
  minimumLength: 'Shorter sequences are dropped.',
  sample:
    'Share of the sequences that are kept, more than 0 and at most 1, drawn by a seeded hash of their keys.',
  split: 'How sequences are parted into train, validation and test.',
};
const SPLIT_FIELDS: Record<keyof Split, string> = {
  by: 'sequence: each sequence falls into one part by a hash of its key; user: all sequences of a user do; time: those that begin first train, those that begin last test, and no row of a part is as late as the first of the next; leave-one-out: the last item of each is its test target, the one before its validation target; column: a column says the part of each sequence.',
  column:
    'Of a split by column: the column that says train, validation (or valid, val, dev) or test, the same in all rows of a sequence. Where it names no validation part, the last tenth of the training sequences is, in time where there is a time column, else by a seeded hash.',
  straddling:
    'What becomes of a sequence with rows on both sides of a boundary in time: cut (its rows from the boundary on are left out, the default) or drop (the whole sequence is).',
  ratios: 'Shares of train, validation and test; ignored by leave-one-out and by a split by column.',
};

const READING_FIELDS: Record<keyof Reading, string> = {
  header:
    'Whether the first line of a table names its columns; without names they are column0, column1 and so on.',
  delimiter:
    'What parts the fields of a line, such as ; or ::. One blank stands for any run of blanks and tabs.',
  quote:
    'What encloses fields that hold the delimiter. Empty: nothing does, and quotes are text like any other.',
  encoding: 'Name of the encoding: utf-8, windows-1252, utf-16le, shift_jis and so on.',
  comment: 'Lines at the beginning of a file that start with this are left out.',
  key: 'Of sequences: whether a line begins with the key of its sequence, or with its first item.',
  listSeparator: 'What parts the items in a cell of the item column.',
  sheet: 'Name of the sheet of an Excel workbook. Else its first that holds rows.',
};

type Schema = z.core.JSONSchema.JSONSchema;

function describe(schema: Schema | boolean | undefined, fields: Readonly<Record<string, string>>): void {
  if (typeof schema !== 'object') return;
  for (const [name, description] of Object.entries(fields)) {
    const property = schema.properties?.[name];
    if (typeof property === 'object') property.description = description;
  }
}

/** Generated from the schema the program itself checks with, plus a sentence a field. */
export function recsysJsonSchema(): Schema {
  const schema = z.toJSONSchema(RecsysFile, { io: 'input', target: 'draft-7', reused: 'inline' });
  const datasets = schema.properties?.['datasets'];
  const spec = typeof datasets === 'object' ? datasets.additionalProperties : undefined;
  describe(schema, { datasets: 'One entry a data file, by its path relative to this file, or a glob.' });
  describe(spec, FIELDS);
  const reading = typeof spec === 'object' ? spec.properties?.['reading'] : undefined;
  describe(reading, READING_FIELDS);
  const split = typeof spec === 'object' ? spec.properties?.['split'] : undefined;
  describe(split, SPLIT_FIELDS);
  return { title: 'RecSys dataset specs', ...schema };
}
