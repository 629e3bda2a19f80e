/** What the rows looked at tell of a column and the part it may play. */
import type { DescribedColumn } from '../column.ts';
import { wordsOf } from '../name-words.ts';
import { namesPart } from '../part-names.ts';
import { saysMissing } from '../roles/missing.ts';
import { kindOf } from './value-kind.ts';
import type { Kind } from './value-kind.ts';

export interface ColumnEvidence {
  readonly name: string;
  /** Words of the name, lower case: `userId`, `user_id` and `User ID` are [user, id]. */
  readonly words: readonly string[];
  readonly kind: Kind;
  /** The values are text in the data, whatever it says. */
  readonly text: boolean;
  /** The values lay in lists, of which each element is a row now. */
  readonly inList: boolean;
  /** Values of the rows looked at, in file order; null where there is none, or a word that says so. */
  readonly values: readonly (string | null)[];
  /** Share of these rows that have a value, 0 to 1. */
  readonly filled: number;
  /** Distinct values for each of these rows, 0 to 1. */
  readonly distinct: number;
  /** Mean number of equal values in a row. */
  readonly run: number;
  /** Each value stands in one place only, as the rows of a sequence do. */
  readonly contiguous: boolean;
  /** Every value names a part of the data: train, validation, test. */
  readonly namesParts: boolean;
  /** Numbers that only grow, each once. */
  readonly increasing: boolean;
  /** No value comes again. */
  readonly unique: boolean;
}

export function evidenceOf(column: DescribedColumn): ColumnEvidence {
  const values = (column.sampled ?? column.values).map((value) => (saysMissing(value) ? null : value));
  const rows = Math.max(1, values.length);
  const distinct = new Set(values).size;
  const runs = 1 + values.filter((value, i) => i > 0 && value !== values[i - 1]).length;
  const filled = values.filter((value) => value !== null).length;
  return {
    name: column.name,
    words: wordsOf(column.name),
    kind: kindOf(column.text === true ? 'VARCHAR' : column.type, values),
    text: column.text ?? column.type === 'VARCHAR',
    inList: column.inList ?? false,
    values,
    filled: values.length === 0 ? 1 : filled / rows,
    distinct: distinct / rows,
    run: rows / runs,
    contiguous: runs === distinct,
    namesParts: filled > 0 && filled === values.length && values.every((value) => namesPart(value ?? '')),
    increasing: rows > 1 && values.every((value, i) => i === 0 || Number(value) > Number(values[i - 1])),
    unique: filled > 0 && new Set(values.filter((value) => value !== null)).size === filled,
  };
}
