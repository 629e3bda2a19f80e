/** One line of the results table in docs/benchmarks.md. */
export interface ResultRow {
  /** What was measured. */
  readonly what: string;
  /** Ours, with its unit: `1.9 M words/s`. */
  readonly ours: string;
  /** The reference in the same run. */
  readonly reference: string;
  /** Ours over the reference, in the direction in which more is better; NaN where there is nothing to compare with. */
  readonly ratio: number;
  /** The ratio the project set itself; undefined where it set none. */
  readonly target?: number;
  readonly note?: string;
}

export interface BenchResult {
  readonly rows: readonly ResultRow[];
  /** Versions of the peers, the data, the settings. */
  readonly about: string;
}
