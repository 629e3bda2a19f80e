import type { Shape } from '../value-shape.ts';

/** A column of a table as its files hold it. */
export interface RawColumn {
  readonly name: string;
  /** An expression over the raw table that gives its values. */
  readonly sql: string;
  readonly shape: Shape;
}

/** The rows of files before lists in them are unfolded. */
export interface RawTable {
  /** What stands after FROM. */
  readonly from: string;
  readonly columns: readonly RawColumn[];
  /** Every value is the text that stands in the files, whatever it means. */
  readonly asText: boolean;
  /** The files are parquet of one kind, which also gives each row's `file_index` and `file_row_number`. */
  readonly inPlace: boolean;
  /** Lists of several rows make one sequence, so that places in a list say nothing. */
  readonly runsOn?: true;
  /** The first row as we read it, where what DuckDB reads first must be the same. */
  readonly first?: readonly string[];
  /** What is worth knowing of how the files were read, as sentences. */
  readonly seen: readonly string[];
}
