/** What an index over item vectors can do, exact or approximate. */

export interface SearchOptions {
  /** For each query the rows never to return, in any order; an empty list excludes nothing. */
  readonly exclude?: readonly Int32Array[];
  /**
   * For each query the least score that counts. Rows below it are not returned, and where k rows or more reach it any k
   * of them are, best first: enough to tell that something of that score is not among the k best, and quicker found.
   */
  readonly floors?: Float32Array;
}

export interface SearchResult {
  /** Queries × k row numbers, best first, −1 where there are fewer than k. */
  readonly rows: Int32Array;
  /** Queries × k inner products, −Infinity where there is no row. */
  readonly scores: Float32Array;
}

export interface NeighbourIndex {
  /** `exact`, or the name of an approximate method. */
  readonly kind: string;
  /** Number of rows. */
  readonly size: number;
  readonly dimensions: number;
  /**
   * The k rows of largest inner product for each query.
   * @param queries queries × dimensions, row by row
   */
  search(queries: Float32Array, k: number, options?: SearchOptions): SearchResult;
}
