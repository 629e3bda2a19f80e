/** A column of text among the rows it orders. */
export interface TextColumn {
  /** The rows, as SQL. */
  readonly relation: string;
  /** The column's text, as SQL over it. */
  readonly text: string;
  /** What a person calls it. */
  readonly name: string;
  /** The data, as a person calls them. */
  readonly place: string;
  /** Columns of the sequence, as SQL; and what tells the rows' order in the files. */
  readonly sequence: readonly string[];
  readonly rowPlace: string;
}
