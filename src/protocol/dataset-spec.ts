/**
 * The dataset spec: which columns of a file mean what. Guessed from the columns, confirmed by the user once,
 * and kept in `recsys.json` (see `media/recsys.schema.json`).
 */
import * as z from 'zod/mini';

export const DataFormat = z.enum(['parquet', 'csv', 'jsonl', 'sequences', 'arrow', 'excel']);
export type DataFormat = z.infer<typeof DataFormat>;

export const Straddling = z.enum(['cut', 'drop']);
export type Straddling = z.infer<typeof Straddling>;
export const DEFAULT_STRADDLING: Straddling = 'cut';

export const Split = z.object({
  /**
   * `sequence`: each sequence falls wholly into train, validation or test, by a seeded hash of its key.
   * `user`: all sequences of a user do. `time`: the sequences that begin first train, those that begin last test, and no
   * row of a part is as late as the first of the next part (see `straddling`).
   * `leave-one-out`: the last item of each sequence is its test target, the one before its validation target.
   * `column`: a column says the part of each sequence; for data with a fixed split.
   */
  by: z.enum(['sequence', 'user', 'time', 'leave-one-out', 'column']),
  /**
   * Of a split by column: the column, whose values are train, validation (or valid, val, dev) and test in any case, one
   * for all rows of a sequence. Where it names no validation part, that is the last tenth of the training sequences: in
   * time where there is a time column, else by a seeded hash of their keys.
   */
  column: z.optional(z.string()),
  /**
   * What becomes of a sequence with rows on both sides of a boundary in time: `cut` leaves out its rows from the boundary
   * on, `drop` the whole sequence.
   */
  straddling: z.optional(Straddling),
  /** Shares of train, validation and test; ignored by leave-one-out and by a split by column. */
  ratios: z._default(z.tuple([z.number(), z.number(), z.number()]), [0.7, 0.2, 0.1]),
});
export type Split = z.infer<typeof Split>;

/** How the bytes of a file become rows, where that is to be told and not seen from its beginning. */
export const Reading = z.object({
  /** Whether the first line of a table names its columns; without names they are column0, column1, and so on. */
  header: z.optional(z.boolean()),
  /** What parts the fields of a line; one blank stands for any run of blanks and tabs. */
  delimiter: z.optional(z.string().check(z.minLength(1))),
  /** What encloses fields that hold the delimiter; empty: nothing does, and quotes are text. */
  quote: z.optional(z.enum(['"', "'", ''])),
  /** Name of the encoding by the WHATWG's list: utf-8, windows-1252, utf-16le, shift_jis and so on. */
  encoding: z.optional(z.string()),
  /** Lines at the beginning of a file that start with this are left out. */
  comment: z.optional(z.string().check(z.minLength(1))),
  /** Of sequences: whether a line begins with the key of its sequence, or with its first item. */
  key: z.optional(z.boolean()),
  /** What parts the items in a cell of the item column. */
  listSeparator: z.optional(z.string().check(z.minLength(1))),
  /** Name of the sheet of an Excel workbook; else its first. */
  sheet: z.optional(z.string()),
});
export type Reading = z.infer<typeof Reading>;

export const DatasetSpec = z.object({
  format: DataFormat,
  /** What of the reading was told; what is absent is seen from the files. */
  reading: z.optional(Reading),
  /** Columns whose tuple identifies a sequence (a playlist, basket or session). */
  sequence: z.array(z.string()),
  /** Columns whose tuple identifies an item; people see and type them joined by `|||`. */
  item: z.array(z.string()),
  /** Columns that order the rows of a sequence, first to last; empty: file order. */
  order: z.array(z.string()),
  /** Column of the user, needed by a split by user. */
  user: z.optional(z.string()),
  /** Item column that groups items (the artist, the brand), for same-group popularity. */
  group: z.optional(z.string()),
  /**
   * Table of the items there are, also new ones that no row of the data holds: the item columns and, where it has it, the
   * group's, under their names. Of a spec in `recsys.json` relative to that file.
   */
  catalogue: z.optional(z.string().check(z.minLength(1))),
  /** Column of the time, needed by a split by time; a split by column orders sequences by it. */
  time: z.optional(z.string()),
  /** How text in the order or time columns writes a time, as strptime has it; where it cannot be told from the values. */
  timeFormat: z.optional(z.string()),
  /** Shorter sequences are dropped. */
  minimumLength: z._default(z.int().check(z.minimum(2)), 3),
  /** Share of the sequences kept, in (0, 1], drawn by a seeded hash of the key. */
  sample: z._default(z.number().check(z.gt(0), z.maximum(1)), 1),
  split: z._default(Split, { by: 'sequence', ratios: [0.7, 0.2, 0.1] }),
});
export type DatasetSpec = z.infer<typeof DatasetSpec>;

/** Why a column was given its role, for the person who confirms the guess. */
export const Guess = z.object({
  spec: DatasetSpec,
  /** By field of the spec, one sentence each. */
  reasons: z.record(z.string(), z.string()),
});
export type Guess = z.infer<typeof Guess>;

/** `recsys.json`: one entry a data file, by its path relative to this file (or a glob). */
export const RecsysFile = z.object({
  $schema: z.optional(z.string()),
  datasets: z.record(z.string(), DatasetSpec),
});
export type RecsysFile = z.infer<typeof RecsysFile>;

export { ITEM_SEPARATOR } from './item-separator.ts';
