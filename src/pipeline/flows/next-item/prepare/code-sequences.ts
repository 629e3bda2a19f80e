import * as z from 'zod/mini';
import type { DatasetSpec } from '../../../../protocol/dataset-spec.ts';
import type { DuckDBSession, OnFraction } from '../../../data/duckdb-session.ts';
import { quoteText } from '../../../data/sql-text.ts';
import { partedByTimeSql } from './boundaries.ts';
import { checkGivenSplit, givenSplitColumns, partedByColumnSql } from './given-split.ts';
import { createLookup } from '../../../data/rows/lookup.ts';
import type { Lookup } from '../../../data/rows/lookup.ts';
import { PART } from './part.ts';
import { keyText } from '../../../data/rows/row-view.ts';
import type { RowView } from '../../../data/rows/row-view.ts';

/**
 * Makes the table `sequence_keys`: one row a sequence, with its columns, `sequence_rows`, `user_value` (the least,
 * should there be several) and `several_users`, `first_time` and, where the split asks for it, `last_time` and
 * `timed_rows`, the rows in which each other column is not null, and what a split by column needs.
 * @throws UserError when a given split names no part for a row, or several for a sequence
 */
export async function collectSequences(
  session: DuckDBSession,
  view: RowView,
  spec: DatasetSpec,
  place: string,
  onFraction: OnFraction,
): Promise<void> {
  const extra = [
    ...new Set([...view.order, ...[view.time, view.user].filter((column) => column !== undefined)]),
  ];
  const filled = extra
    .filter((column) => !view.sequence.includes(column) && !view.item.includes(column))
    .map((column) => `count(${column})::BIGINT AS filled_${column}`);
  const user =
    view.user === undefined
      ? []
      : view.sequence.includes(view.user)
        ? [`${view.user} AS user_value`, 'false AS several_users']
        : [`min(${view.user}) AS user_value`, `min(${view.user}) <> max(${view.user}) AS several_users`];
  const time = view.time === undefined ? [] : [`min(${view.time}) AS first_time`];
  if (view.time !== undefined && spec.split.by !== 'sequence' && spec.split.by !== 'user')
    time.push(`max(${view.time}) AS last_time`, `count(${view.time}) AS timed_rows`);
  const columns = [...view.sequence, 'count(*)::BIGINT AS sequence_rows', ...user, ...time, ...filled];
  columns.push(...givenSplitColumns(view));
  await session.run(
    `CREATE TABLE sequence_keys AS SELECT ${columns.join(', ')} FROM source_rows GROUP BY ${view.sequence.join(', ')}`,
    onFraction,
  );
  await checkGivenSplit(session, view, place);
}

/** Sequences of each part; by leave-one-out each is in all three. */
export interface PartSizes {
  readonly total: number;
  readonly longEnough: number;
  readonly kept: number;
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  /** Where sequences are in order of time: whether those of validation begin when all of train have begun. */
  readonly validationNewer: boolean;
}

/**
 * Makes the table `hashed_sequences` from `sequence_keys`, with what the sample and the split need. The sample keeps a
 * sequence when the first 13 hexadecimal digits of md5(`sample/<seed>/<key>`), read as a fraction of 16^13, are less than
 * the share; `digest` is md5(`order/<seed>/<key>`). A split by time keeps no sequence without a time.
 */
export async function hashSequences(
  session: DuckDBSession,
  view: RowView,
  spec: DatasetSpec,
  seed: number,
): Promise<void> {
  const key = keyText(view.sequence);
  const sampled =
    spec.sample >= 1
      ? 'true'
      : `substr(md5(${quoteText(`sample/${seed}/`)} || ${key}), 1, 13) < ${quoteText(sampleBound(spec.sample))}`;
  const placed = spec.split.by === 'time' ? 'first_time IS NOT NULL' : 'true';
  await session.run(
    `CREATE TABLE hashed_sequences AS SELECT *, sequence_rows >= ${minimumLength(spec)} AS long_enough, long_enough AND ${sampled} AND ${placed} AS kept,
     md5(${quoteText(`order/${seed}/`)} || ${key}) AS digest FROM sequence_keys; DROP TABLE sequence_keys`,
  );
}

/**
 * Makes the table `sequences` from `hashed_sequences`: one row a sequence in the order of their indices, which is train,
 * validation, test (or all), and last the dropped ones (too short, or not in the sample); `part` tells which.
 *
 * Sequences are ordered by their digest and cut at ⌊r₁·n⌋ and ⌊(r₁ + r₂)·n⌋; `boundaries.ts` says how in time,
 * `given-split.ts` by a column. All depend on nothing but the seed and the key.
 */
export async function splitSequences(
  session: DuckDBSession,
  view: RowView,
  spec: DatasetSpec,
  seed: number,
): Promise<{ sizes: PartSizes; lookup: Lookup }> {
  const counts = await session.row(
    `SELECT count(*)::DOUBLE AS total, count(*) FILTER (long_enough)::DOUBLE AS "longEnough", count(*) FILTER (kept)::DOUBLE AS kept FROM hashed_sequences`,
    z.object({ total: z.number(), longEnough: z.number(), kept: z.number() }),
  );
  await session.run(
    `CREATE TABLE sequences AS ${partedSql(spec, seed)} ORDER BY part, ${sequenceOrder(spec)}; DROP TABLE hashed_sequences`,
  );
  const lookup = await createLookup(session, {
    table: 'sequences',
    columns: view.sequence,
    code: 'rowid::INTEGER',
  });
  return { sizes: { ...counts, ...(await partSizes(session, spec)) }, lookup };
}

/** Leave-one-out takes two items away, and leaves at least one to train on. */
export function minimumLength(spec: DatasetSpec): number {
  return spec.split.by === 'leave-one-out' ? Math.max(3, spec.minimumLength) : spec.minimumLength;
}

function sampleBound(share: number): string {
  return Math.floor(share * 16 ** 13)
    .toString(16)
    .padStart(13, '0');
}

/** Where the first and the second part end, of n: as the reference's int(0.7 n) and int(0.9 n), in doubles. */
export function cutsOf(ratios: readonly [number, number, number], n: number): [number, number] {
  // 0.7 + 0.2 is 0.8999… in doubles; rounded, the cut is that of the decimal 0.9.
  const both = Number((ratios[0] + ratios[1]).toFixed(12));
  return [Math.floor(ratios[0] * n), Math.floor(both * n)];
}

/** Whether the sequences of a part lie in order of time. */
export function inOrderOfTime({ split, time }: DatasetSpec): boolean {
  return time !== undefined && (split.by === 'time' || split.by === 'column');
}

/** By what sequences of a part are ordered. */
function sequenceOrder(spec: DatasetSpec): string {
  return inOrderOfTime(spec) ? 'first_time NULLS FIRST, digest' : 'digest';
}

/** Every sequence with its part. */
function partedSql(spec: DatasetSpec, seed: number): string {
  if (spec.split.by === 'leave-one-out')
    return `SELECT *, CASE WHEN kept THEN ${PART.all} ELSE ${PART.dropped} END AS part FROM hashed_sequences`;
  if (spec.split.by === 'user') return partedByUserSql(spec, seed);
  if (spec.split.by === 'time') return partedByTimeSql();
  const order = sequenceOrder(spec);
  if (spec.split.by === 'column') return partedByColumnSql(order, spec.time !== undefined);
  const ranked = `SELECT *, row_number() OVER (PARTITION BY kept ORDER BY ${order}) - 1 AS place, count(*) OVER (PARTITION BY kept) AS places FROM hashed_sequences`;
  return `SELECT * EXCLUDE (place, places), ${partSql(spec)} AS part FROM (${ranked})`;
}

/**
 * Users are ordered by a hash of their own and cut as sequences are; `user_place` is the place of each in that order. A
 * sequence without a user is nobody's other: it counts as a user of its own.
 */
function partedByUserSql(spec: DatasetSpec, seed: number): string {
  const alone = 'CASE WHEN user_value IS NULL THEN digest END AS alone';
  const digest = `coalesce(alone, md5(${quoteText(`order/${seed}/`)} || ${keyText(['user_value'])}))`;
  const sequences = `SELECT *, ${alone} FROM hashed_sequences`;
  const users = `SELECT user_value, alone, row_number() OVER (ORDER BY ${digest}) - 1 AS place, count(*) OVER () AS places FROM (SELECT DISTINCT user_value, ${alone} FROM hashed_sequences WHERE kept)`;
  const same = ['user_value', 'alone'].map((name) => `users.${name} IS NOT DISTINCT FROM s.${name}`);
  return `SELECT s.* EXCLUDE (alone), users.place AS user_place, ${partSql(spec)} AS part FROM (${sequences}) AS s LEFT JOIN (${users}) AS users ON ${same.join(' AND ')}`;
}

function partSql(spec: DatasetSpec): string {
  const [first, second] = [
    spec.split.ratios[0],
    Number((spec.split.ratios[0] + spec.split.ratios[1]).toFixed(12)),
  ];
  const cut = (share: number): string => `floor(${share}::DOUBLE * places)`;
  return `CASE WHEN NOT kept THEN ${PART.dropped} WHEN place < ${cut(first)} THEN ${PART.train} WHEN place < ${cut(second)} THEN ${PART.validation} ELSE ${PART.test} END`;
}

async function partSizes(
  session: DuckDBSession,
  spec: DatasetSpec,
): Promise<Pick<PartSizes, 'train' | 'validation' | 'test' | 'validationNewer'>> {
  const count = (part: number): string => `count(*) FILTER (part = ${part})::DOUBLE`;
  const all = spec.split.by === 'leave-one-out';
  return await session.row(
    `SELECT ${count(all ? PART.all : PART.train)} AS train, ${count(all ? PART.all : PART.validation)} AS validation, ${count(all ? PART.all : PART.test)} AS test, ${newerSql(spec)} AS "validationNewer" FROM sequences`,
    z.object({ train: z.number(), validation: z.number(), test: z.number(), validationNewer: z.boolean() }),
  );
}

/** A validation part that the data name may lie anywhere in time. */
function newerSql(spec: DatasetSpec): string {
  if (!inOrderOfTime(spec)) return 'true';
  const edge = (which: 'min' | 'max', part: number): string => `${which}(first_time) FILTER (part = ${part})`;
  return `coalesce(${edge('min', PART.validation)} >= ${edge('max', PART.train)}, true)`;
}
