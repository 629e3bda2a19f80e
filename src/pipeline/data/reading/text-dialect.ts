import type { Marks, TextRecord } from './records.ts';

/** How the lines of a text part into fields. */
export interface TextDialect extends Marks {
  /** `table`: all lines have the same fields; `sequences`: one sequence a line. */
  readonly form: 'table' | 'sequences';
  /** Records of the sample, comments left out. */
  readonly records: readonly TextRecord[];
  /** Lines at the beginning that are comments. */
  readonly comments: readonly string[];
}
