export interface Column {
  readonly name: string;
  /** DuckDB's name of the type; of text, the type its first values have. */
  readonly type: string;
}

/** A column with the values of the first rows, null where there is none. */
export interface DescribedColumn extends Column {
  readonly values: readonly (string | null)[];
  /** Of larger data: values of rows from all over, of whole sequences where these are known. */
  readonly sampled?: readonly (string | null)[];
  /** The values are text in the data, whatever type they have. */
  readonly text?: boolean;
  /** The values lay in lists, of which each element is a row. */
  readonly inList?: boolean;
  /** Some distinct values, cut short for display. */
  readonly samples: readonly string[];
}
