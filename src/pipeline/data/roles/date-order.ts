/** Which comes first, day or month, where both readings fit all rows. */
import * as z from 'zod/mini';
import { UserError } from '../../../protocol/user-error.ts';
import type { DuckDBSession } from '../duckdb-session.ts';
import type { Reading } from './reading.ts';
import type { TextColumn } from './text-column.ts';

/** Neighbours in a sequence that must be in order of time by the one reading, and may not be by another. */
const [IN_ORDER, OUT_OF_ORDER] = [0.999, 0.9];
const LEAST_PAIRS = 100;

/**
 * One of several readings that all fit: the one of the format given; the first where all order the rows alike, or the one by which the rows of
 * sequences, as they stand in the files, are in order of time, where by each other they are not.
 * @throws UserError that shows the readings, where nothing tells
 */
export async function chooseDateOrder(
  session: DuckDBSession,
  column: TextColumn,
  readings: readonly Reading[],
  given: string | undefined,
): Promise<Reading> {
  const [first, ...others] = readings;
  if (first === undefined) throw new Error('no reading to choose from');
  const told = readings.find(({ formats = [] }) => given !== undefined && formats.includes(given));
  if (told !== undefined || others.length === 0) return told ?? first;
  if (await orderAlike(session, column, readings))
    return { ...first, how: `${first.how} (other orders of day and month put the rows in the same order)` };
  const shares = await inOrder(session, column, readings);
  const clear = readings.filter((_, index) => (shares[index] ?? 0) >= IN_ORDER);
  const rest = shares.filter((share) => share < OUT_OF_ORDER).length;
  const [found] = clear;
  if (found !== undefined && clear.length === 1 && rest === readings.length - 1)
    return {
      ...found,
      how: `${found.how}, since so, and only so, the rows of each sequence stand in order of time in the files`,
    };
  throw await undecided(session, column, readings);
}

async function orderAlike(
  session: DuckDBSession,
  { relation, text }: TextColumn,
  readings: readonly Reading[],
): Promise<boolean> {
  const values = readings.map((reading, index) => `${reading.value(text)} AS v${index}`);
  const rest = readings.map((_, index) => index).slice(1);
  const backwards = rest.map((index) => `v${index} <= lag(v${index}) OVER (ORDER BY v0)`).join(' OR ');
  const distinct = `SELECT DISTINCT ${values.join(', ')} FROM ${relation}`;
  const { n } = await session.row(
    `SELECT count(*) FILTER (backwards)::DOUBLE AS n FROM (SELECT ${backwards} AS backwards FROM (${distinct}))`,
    z.object({ n: z.number() }),
  );
  return n === 0;
}

/** Share of the pairs of neighbours in a sequence that do not go back in time, by each reading. */
async function inOrder(
  session: DuckDBSession,
  { relation, text, sequence, rowPlace }: TextColumn,
  readings: readonly Reading[],
): Promise<number[]> {
  const values = readings.map((reading, index) => `${reading.value(text)} AS v${index}`);
  const rows = `SELECT ${sequence.map((name, index) => `${name} AS s${index}`).join(', ')}, ${rowPlace} AS place, ${values.join(', ')} FROM ${relation}`;
  const keys = sequence.map((_, index) => `s${index}`).join(', ');
  const steps = readings.map(
    (_, index) => `v${index} - lag(v${index}) OVER (PARTITION BY ${keys} ORDER BY place) AS d${index}`,
  );
  const found: number[] = [];
  for (const index of readings.keys()) {
    const { pairs, forward } = await session.row(
      `SELECT count(d${index})::DOUBLE AS pairs, count(*) FILTER (d${index} >= INTERVAL 0 SECOND)::DOUBLE AS forward FROM (SELECT ${steps.join(', ')} FROM (${rows}))`,
      z.object({ pairs: z.number(), forward: z.number() }),
    );
    found.push(pairs < LEAST_PAIRS ? 0 : forward / pairs);
  }
  return found;
}

async function undecided(
  session: DuckDBSession,
  { relation, text, name, place }: TextColumn,
  readings: readonly Reading[],
): Promise<UserError> {
  const values = readings.map((reading) => `${reading.value(text)}::DATE`);
  const differ = values.slice(1).map((value) => `${value} <> ${values[0] ?? ''}`);
  const said = values.map((value, index) => `strftime(${value}, '%-d %B %Y') AS v${index}`);
  const example = await session.row(
    `SELECT ${text} AS text, ${said.join(', ')} FROM ${relation} WHERE ${differ.join(' AND ')} LIMIT 1`,
    z.record(z.string(), z.string()),
  );
  const ways = readings.map((reading, index) => ({
    format: reading.formats?.[0] ?? '',
    date: example[`v${index}`] ?? '',
  }));
  return new UserError(
    `Whether column '${name}' of ${place} writes the day or the month first cannot be told: ‘${example['text'] ?? ''}’ is ${ways.map(({ format, date }) => `${date} by ${format}`).join(' or ')}, and every row can be read either way.`,
    `Say which: ${ways.map(({ format }) => `--time-format "${format}"`).join(' or ')} (in recsys.json: "timeFormat").`,
    { remedy: 'specFile' },
  );
}
