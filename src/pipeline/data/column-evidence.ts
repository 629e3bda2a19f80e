/** What the first rows of a column tell about the part it may play. */
import type { DescribedColumn } from './describe-data.ts';
import { namesPart } from './part-names.ts';

export interface ColumnEvidence {
  readonly name: string;
  /** Words of the name, lower case: `userId`, `user_id` and `User ID` are [user, id]. */
  readonly words: readonly string[];
  readonly kind: 'text' | 'integer' | 'decimal' | 'time' | 'time of day' | 'other';
  /** Share of the rows looked at that are not null, 0 to 1. */
  readonly filled: number;
  /** Share of distinct values among the rows looked at, 0 to 1. */
  readonly distinct: number;
  /** Mean number of equal values in a row. */
  readonly run: number;
  /** Each value stands in one place only, as the rows of a sequence do. */
  readonly contiguous: boolean;
  /** Every value names a part of the data: train, validation, test. */
  readonly namesParts: boolean;
  /** Numbers that only grow, each once. */
  readonly increasing: boolean;
}

export function evidenceOf(column: DescribedColumn): ColumnEvidence {
  const values = column.values;
  const rows = Math.max(1, values.length);
  const distinct = new Set(values).size;
  const runs = 1 + values.filter((value, i) => i > 0 && value !== values[i - 1]).length;
  return {
    name: column.name,
    words: wordsOf(column.name),
    kind: kindOf(column.type),
    filled: values.length === 0 ? 1 : values.filter((value) => value !== null).length / rows,
    distinct: distinct / rows,
    run: rows / runs,
    contiguous: runs === distinct,
    namesParts: values.length > 0 && values.every((value) => value !== null && namesPart(value)),
    increasing: rows > 1 && values.every((value, i) => i === 0 || Number(value) > Number(values[i - 1])),
  };
}

/** `userId`, `user_id`, `User ID` → [user, id]. */
export function wordsOf(name: string): string[] {
  const parted = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return parted.split(/[^a-z0-9]+/).filter((word) => word !== '');
}

function kindOf(type: string): ColumnEvidence['kind'] {
  if (/\[\d*\]$|^(STRUCT|MAP|UNION|LIST|VARIANT|BLOB)/.test(type)) return 'other';
  if (/^(VARCHAR|UUID|ENUM)/.test(type)) return 'text';
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(type)) return 'integer';
  if (/^(DATE|TIMESTAMP)/.test(type)) return 'time';
  if (type.startsWith('TIME')) return 'time of day';
  if (/^(FLOAT|DOUBLE|DECIMAL)/.test(type)) return 'decimal';
  return 'other';
}
