/** A split that the data give themselves: a column says the part of each sequence. */
import * as z from 'zod/mini';
import type { DatasetSpec } from '../../../../protocol/dataset-spec.ts';
import { oneOrMany } from '../../../../protocol/text/format.ts';
import { UserError } from '../../../../protocol/user-error.ts';
import { PART_NAMES } from '../../../data/part-names.ts';
import type { DuckDBSession } from '../../../data/duckdb-session.ts';
import { nameOf, quoteText } from '../../../data/sql-text.ts';
import { PART } from './part.ts';
import type { RowView } from '../../../data/rows/row-view.ts';
import { shorten } from './shorten.ts';

/** Share of the training sequences that becomes the validation part where the column names none: the last tenth. */
export const TRAINING_KEPT = 0.9;
const SHOWN_VALUES = 5;

/** The part a row's value says, as SQL; NULL for any other value. */
function saidSql(column: string): string {
  const value = `lower(trim(${column}::VARCHAR))`;
  const cases = (['train', 'validation', 'test'] as const).map(
    (part) => `WHEN ${value} IN (${PART_NAMES[part].map(quoteText).join(', ')}) THEN ${PART[part]}`,
  );
  return `CASE ${cases.join(' ')} END`;
}

/** Columns of `sequence_keys` that tell what the rows of a sequence say. */
export function givenSplitColumns(view: RowView): string[] {
  if (view.split === undefined) return [];
  const said = saidSql(view.split);
  return [
    `min(${said})::INTEGER AS given_part`,
    `coalesce(min(${said}) <> max(${said}), false) AS several_parts`,
    `count(*) - count(${said}) AS unsaid_rows`,
  ];
}

/** @throws UserError when a row says no part, or rows of one sequence say different ones */
export async function checkGivenSplit(session: DuckDBSession, view: RowView, place: string): Promise<void> {
  if (view.split === undefined) return;
  const column = view.original.get(view.split) ?? view.split;
  const found = await session.row(
    `SELECT sum(unsaid_rows)::DOUBLE AS unsaid, count(*) FILTER (several_parts)::DOUBLE AS mixed, min(${nameOf(view.sequence)}) FILTER (several_parts) AS example FROM sequence_keys`,
    z.object({ unsaid: z.number(), mixed: z.number(), example: z.nullable(z.string()) }),
  );
  if (found.unsaid > 0)
    throw new UserError(
      `${oneOrMany(found.unsaid, `1 row of ${place} has`, (count) => `${count} rows of ${place} have`)} a value in column '${column}' that names no part: ${await otherValues(session, view.split)}.`,
      'Its values must be train, validation (or valid, val, dev) and test; change them, or split otherwise.',
      { remedy: 'columns' },
    );
  if (found.mixed > 0)
    throw new UserError(
      `${oneOrMany(found.mixed, `1 sequence of ${place} has`, (count) => `${count} sequences of ${place} have`)} rows of several parts in column '${column}', such as ‘${shorten(found.example ?? '', 80)}’.`,
      'A sequence must lie in one part as a whole: check the sequence columns, or give its pieces keys of their own.',
      { remedy: 'columns' },
    );
}

async function otherValues(session: DuckDBSession, column: string): Promise<string> {
  const rows = await session.rows(
    `SELECT ${column}::VARCHAR AS value FROM source_rows WHERE ${saidSql(column)} IS NULL GROUP BY value ORDER BY count(*) DESC, value LIMIT ${SHOWN_VALUES}`,
    z.object({ value: z.nullable(z.string()) }),
  );
  return rows.map(({ value }) => (value === null ? 'nothing' : `‘${shorten(value, 40)}’`)).join(', ');
}

/**
 * Every sequence with its part. Where no sequence is for validation, the last tenth of the training sequences is: in
 * time those that begin at the boundary or later (the table `boundaries`); where there is none, in the given order from
 * place ⌊0.9·n⌋ on.
 */
export function partedByColumnSql(order: string, timed: boolean): string {
  const isValidation = `kept AND given_part = ${PART.validation}`;
  // A window's FILTER would take DuckDB quadratic time.
  const ranked = `SELECT *, count(CASE WHEN ${isValidation} THEN 1 END) OVER () AS validations, row_number() OVER (PARTITION BY kept, given_part ORDER BY ${order}) - 1 AS place, count(*) OVER (PARTITION BY kept, given_part) AS places FROM hashed_sequences`;
  const last = `place >= floor(${TRAINING_KEPT}::DOUBLE * places)`;
  const later = timed
    ? `CASE WHEN validation_from IS NULL THEN ${last} ELSE coalesce(first_time >= validation_from, false) END`
    : last;
  const taken = `given_part = ${PART.train} AND validations = 0 AND ${later}`;
  const added = timed ? ', validation_from, test_from' : '';
  return `SELECT * EXCLUDE (validations, place, places${added}), CASE WHEN NOT kept THEN ${PART.dropped} WHEN ${taken} THEN ${PART.validation} ELSE given_part END AS part FROM (${ranked})${timed ? ', boundaries' : ''}`;
}

const Figures = z.object({ taken: z.number(), short: z.number() });

/** What a person should know of a split by column: where validation comes from, and which sequences fell away. */
export async function givenSplitWarnings(
  session: DuckDBSession,
  { split, time, minimumLength }: DatasetSpec,
): Promise<string[]> {
  if (split.by !== 'column') return [];
  const { taken, short } = await session.row(
    `SELECT count(*) FILTER (part = ${PART.validation} AND given_part = ${PART.train})::DOUBLE AS taken,
     count(*) FILTER (NOT long_enough AND sequence_rows >= 2)::DOUBLE AS short FROM sequences`,
    Figures,
  );
  const column = split.column ?? '';
  const order = time === undefined ? 'in the order of a seeded hash' : `by ${time}`;
  const [one, two] = [
    `Column ‘${column}’ names no validation part: the last tenth of its training sequences (${taken.toLocaleString('en')}, ${order}) is the validation part, and models train on the rest.`,
    `${oneOrMany(short, '1 sequence of the given split is', (count) => `${count} sequences of the given split are`)} shorter than ${minimumLength} items and left out; with a minimum length of 2 none that holds a query is.`,
  ];
  return [...(taken > 0 ? [one] : []), ...(short > 0 ? [two] : [])];
}

/** @throws UserError when the column leaves a part without sequences */
export function checkGivenParts(
  sizes: { readonly train: number; readonly validation: number; readonly test: number },
  { split, minimumLength }: DatasetSpec,
  place: string,
): void {
  const empty = (['train', 'validation', 'test'] as const).find((part) => sizes[part] === 0);
  if (empty === undefined) return;
  throw new UserError(
    `Column '${split.column ?? ''}' of ${place} leaves no ${empty} sequences of at least ${minimumLength} items.`,
    `Mark some as ${empty}, lower the minimum length, or split otherwise.`,
    { remedy: 'options' },
  );
}
