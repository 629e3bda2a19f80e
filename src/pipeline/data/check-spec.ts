import type { DatasetSpec } from '../../protocol/dataset-spec.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { Column } from './column.ts';

/** Every column a spec names, once, in the order of its fields. */
export function columnsOf(spec: DatasetSpec): string[] {
  const split = spec.split.by === 'column' ? spec.split.column : undefined;
  const named = [...spec.sequence, ...spec.item, ...spec.order, spec.user, spec.group, spec.time, split];
  return [...new Set(named.filter((name) => name !== undefined))];
}

/**
 * Checks a spec against the columns of the data.
 * @throws UserError for roles without a column, columns that are not there, and nested types
 */
export function checkSpec(spec: DatasetSpec, columns: readonly Column[], place: string): void {
  checkRoles(spec);
  checkNames(spec, columns, place);
  for (const name of [...spec.item, ...spec.sequence]) checkScalar(name, columns, place);
}

function checkRoles(spec: DatasetSpec): void {
  if (spec.sequence.length === 0)
    throw new UserError(
      'The dataset spec names no sequence column.',
      'Give at least one column that identifies a playlist, basket or session.',
      { remedy: 'columns' },
    );
  if (spec.item.length === 0)
    throw new UserError(
      'The dataset spec names no item column.',
      'Give at least one column that identifies an item.',
      { remedy: 'columns' },
    );
  if (spec.item.every((name) => spec.sequence.includes(name)))
    throw new UserError(
      `${spec.item.map((name) => `'${name}'`).join(' with ')} is both the item and the sequence: each sequence would hold one item only.`,
      'Choose another column that identifies an item, or another that identifies a playlist, basket, session or user.',
      { remedy: 'columns' },
    );
  if (spec.split.by === 'user' && spec.user === undefined)
    throw new UserError(
      'A split by user needs a user column, and the dataset spec names none.',
      'Name the user column, or split by sequence.',
      { remedy: 'columns' },
    );
  if (spec.split.by === 'time' && spec.time === undefined)
    throw new UserError(
      'A split by time needs a time column, and the dataset spec names none.',
      'Name the time column, or split by sequence.',
      { remedy: 'columns' },
    );
  if (spec.split.by === 'column' && spec.split.column === undefined)
    throw new UserError(
      'A split by column needs the column that says the part of each sequence, and the dataset spec names none.',
      'Name it (--split-column), or split by sequence.',
      { remedy: 'columns' },
    );
  checkShares(spec.split);
}

function checkShares({ by, ratios }: DatasetSpec['split']): void {
  if (by === 'leave-one-out' || by === 'column') return;
  const sum = ratios.reduce((total, ratio) => total + ratio, 0);
  if (ratios.some((ratio) => !(ratio >= 0)) || Math.abs(sum - 1) > 1e-6)
    throw new UserError(
      `The shares of the split are ${ratios.join(', ')}.`,
      'Give three shares for train, validation and test that add up to 1, such as 0.7, 0.2, 0.1.',
      { remedy: 'specFile' },
    );
  if (ratios.includes(0))
    throw new UserError(
      `The shares of the split are ${ratios.join(', ')}, and one of them is 0.`,
      'Models are trained on the first part, chosen on the second and measured on the third: give each a share, such as 0.7, 0.2, 0.1.',
      { remedy: 'specFile' },
    );
}

function checkNames(spec: DatasetSpec, columns: readonly Column[], place: string): void {
  const known = new Set(columns.map((column) => column.name));
  const missing = columnsOf(spec).filter((name) => !known.has(name));
  if (missing.length === 0) return;
  const what =
    missing.length === 1
      ? `column '${missing.join()}'`
      : `columns ${missing.map((name) => `'${name}'`).join(', ')}`;
  throw new UserError(
    `${place} has no ${what}.`,
    `Its columns are ${columns.map((column) => column.name).join(', ')}; choose among them.${renamed(missing, known)}`,
    { remedy: 'columns' },
  );
}

/** DuckDB knows no two names that differ in case only: the second of them has a number. */
function renamed(missing: readonly string[], known: ReadonlySet<string>): string {
  const numbered = [...known].filter((name) =>
    missing.some((other) => /^_\d+$/.test(name.slice(other.length)) && startsAlike(name, other)),
  );
  return numbered.length === 0
    ? ''
    : ` Of names that differ in case only, all but the first get a number: ${numbered.join(', ')}.`;
}

function startsAlike(name: string, start: string): boolean {
  return name.toLowerCase().startsWith(start.toLowerCase());
}

function checkScalar(name: string, columns: readonly Column[], place: string): void {
  const type = columns.find((column) => column.name === name)?.type ?? '';
  if (!/^(STRUCT|MAP|UNION|VARIANT)\b|\[\d*\]$|^LIST\b/.test(type)) return;
  throw new UserError(
    `Column '${name}' of ${place} holds nested values (${type.length > 80 ? `${type.slice(0, 80)}…` : type}).`,
    'One row must name one item: unnest the column into rows first, or choose another.',
    { remedy: 'columns' },
  );
}
