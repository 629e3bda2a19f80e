/** Instants that part sequences: those that begin before train, those that begin from them on are held out. */
import * as z from 'zod/mini';
import type { DatasetSpec } from '../../../../protocol/dataset-spec.ts';
import type { DuckDBSession } from '../../../data/duckdb-session.ts';
import { TRAINING_KEPT } from './given-split.ts';
import { PART } from './part.ts';

/** Whether sequences are, or may have to be, parted in time. */
export function hasBoundaries({ split, time }: DatasetSpec): boolean {
  return split.by === 'time' || (split.by === 'column' && time !== undefined);
}

/**
 * Makes the table `boundaries` of one row from `hashed_sequences`: `validation_from` and `test_from`, the first times of
 * the first sequence of either part; NULL where there is no such boundary. Sequences that begin at the same time are
 * never parted: of the times at which sequences begin, those are taken that come nearest to the shares. A given split
 * has at most the one before the validation sequences that are taken from its training sequences.
 * @returns at how many times sequences begin
 */
export async function findBoundaries(session: DuckDBSession, spec: DatasetSpec): Promise<number> {
  const own = spec.split.by === 'column' ? `kept AND given_part = ${PART.train}` : 'kept';
  await session.run(
    `CREATE TABLE begins AS SELECT first_time, sum(n) OVER (ORDER BY first_time NULLS FIRST) - n AS place, sum(n) OVER () AS places
     FROM (SELECT first_time, count(*) AS n FROM hashed_sequences WHERE ${own} GROUP BY first_time)`,
  );
  const columns = spec.split.by === 'column' ? givenSql() : sharesSql(spec.split.ratios);
  await session.run(`CREATE TABLE boundaries AS ${columns}`);
  const { n } = await session.row(
    'SELECT count(first_time)::DOUBLE AS n FROM begins',
    z.object({ n: z.number() }),
  );
  await session.run('DROP TABLE begins');
  return n;
}

/** The time at which sequences begin, other than the first, whose place is nearest to a share of them. */
function nearestSql(share: number, condition: string): string {
  return `(SELECT first_time FROM begins WHERE place > 0 AND first_time IS NOT NULL AND ${condition}
    ORDER BY abs(place - floor(${share}::DOUBLE * places)), place LIMIT 1)`;
}

function givenSql(): string {
  const validations = `(SELECT count(*) FROM hashed_sequences WHERE kept AND given_part = ${PART.validation})`;
  const from = nearestSql(TRAINING_KEPT, `${validations} = 0`);
  // A NULL of the column's own type.
  return `SELECT ${from} AS validation_from, (SELECT first_time FROM begins WHERE false) AS test_from`;
}

function sharesSql([train, validation]: readonly [number, number, number]): string {
  // 0.7 + 0.2 is 0.8999… in doubles.
  const testFrom = nearestSql(Number((train + validation).toFixed(12)), 'first_time > validation_from');
  const validationFrom = nearestSql(train, 'place < (SELECT max(place) FROM begins)');
  return `SELECT validation_from, ${testFrom} AS test_from FROM (SELECT ${validationFrom} AS validation_from)`;
}

/** Every sequence with its part, by the table `boundaries`. */
export function partedByTimeSql(): string {
  return `SELECT hashed_sequences.*, CASE WHEN NOT kept THEN ${PART.dropped} WHEN first_time < validation_from THEN ${PART.train}
    WHEN test_from IS NULL OR first_time < test_from THEN ${PART.validation} ELSE ${PART.test} END AS part FROM hashed_sequences, boundaries`;
}
