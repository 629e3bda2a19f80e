/** Decides how a column of text that orders rows is read, by all its rows. */
import * as z from 'zod/mini';
import { UserError } from '../../../protocol/user-error.ts';
import type { DuckDBSession } from '../duckdb-session.ts';
import { quoteText } from '../sql-text.ts';
import { chooseDateOrder } from './date-order.ts';
import { missingTextSql } from './missing.ts';
import { letterReading, naturalReading, numberReading, skeletonOf } from './reading.ts';
import type { Reading } from './reading.ts';
import type { TextColumn } from './text-column.ts';
import { formatReading, timeReadings } from './time-reading.ts';

/** Distinct texts looked at before anything is tried; what fails is looked at too. */
const LOOK = 2000;
const FAILING_LOOK = 200;
const ROUNDS = 5;
const SHOWN = 4;

const Texts = z.object({ text: z.string() });

/**
 * How the column's text is read: as numbers, else as times, else number by number where the texts differ in these
 * only. All rows that are not missing can be read so.
 * @param given a strptime format that goes before what would be found
 * @returns undefined where all rows are missing
 * @throws UserError where no way reads all rows, or where the order of day and month cannot be told
 */
export async function settleReading(
  session: DuckDBSession,
  column: TextColumn,
  given: string | undefined,
): Promise<Reading | undefined> {
  let texts = await distinctTexts(session, column, `NOT ${missingTextSql(column.text)}`, LOOK);
  if (texts.length === 0) return undefined;
  const best = new Best();
  if (given !== undefined) {
    const reading = formatReading([given]);
    if ((await failing(session, column, reading)).length === 0) return reading;
  }
  for (let round = 0; round < ROUNDS; round++) {
    const failed: string[] = [];
    for (const tier of await tiersFor(session, column, texts)) {
      const whole: Reading[] = [];
      for (const reading of tier) {
        const unread = await failing(session, column, reading);
        best.note(reading, unread);
        if (unread.length === 0) whole.push(reading);
        failed.push(...unread);
      }
      if (whole.length > 0) return await chooseDateOrder(session, column, whole, given);
    }
    const known = new Set(texts);
    const more = failed.filter((text) => !known.has(text));
    if (more.length === 0) break;
    texts = [...new Set([...texts, ...more])];
  }
  throw unreadable(column, texts, best);
}

/** Eight digits are a number that orders as the date does, unless the year stands last. */
function compactDates(texts: readonly string[]): readonly (readonly Reading[])[] | undefined {
  const days = texts.map((text) => text.trim()).filter((text) => /^\d{8}$/.test(text));
  if (days.length < texts.length) return undefined;
  const isYear = (digits: string): boolean => digits >= '1900' && digits < '2100';
  const yearLast = days.every((day) => isYear(day.slice(4)));
  const yearFirst = days.every((day) => isYear(day.slice(0, 4)) && day.slice(4, 6) <= '12');
  return yearLast && !yearFirst ? timeReadings(texts) : undefined;
}

/** The way that read most, for the words of a refusal. */
class Best {
  reading: Reading | undefined;
  unread: readonly string[] = [];

  note(reading: Reading, unread: readonly string[]): void {
    if (this.reading !== undefined && unread.length >= this.unread.length) return;
    this.reading = reading;
    this.unread = unread;
  }
}

/** Ways that may read all rows, in tiers: one that is found in a tier goes before the next. */
async function tiersFor(
  session: DuckDBSession,
  column: TextColumn,
  texts: readonly string[],
): Promise<readonly (readonly Reading[])[]> {
  const number = numberReading(texts);
  if (number !== undefined) return compactDates(texts) ?? [[number]];
  const letters = letterReading(texts);
  if (letters !== undefined) return [[letters]];
  const times = timeReadings(texts);
  const skeletons = new Set(texts.map(skeletonOf));
  const [skeleton = ''] = skeletons;
  // Dates of which one does not exist are no numbered names; hours over 24 may be.
  const isDate = times.flat().some(({ formats = [] }) => formats.some((format) => /%[YymbBd]/.test(format)));
  if (isDate || skeletons.size !== 1 || !skeleton.includes('#')) return times;
  const { width } = await session.row(
    `SELECT max(strlen(${column.text}))::DOUBLE AS width FROM ${column.relation}`,
    z.object({ width: z.number() }),
  );
  return [...times, [naturalReading(skeleton, width, quoteText(skeleton))]];
}

async function failing(session: DuckDBSession, column: TextColumn, reading: Reading): Promise<string[]> {
  const unread = `${reading.value(column.text)} IS NULL AND NOT ${missingTextSql(column.text)}`;
  return await distinctTexts(session, column, unread, FAILING_LOOK);
}

async function distinctTexts(
  session: DuckDBSession,
  { relation, text }: TextColumn,
  where: string,
  limit: number,
): Promise<string[]> {
  // The first ones in the files are found without reading on; then each text counts once.
  const rows = await session.rows(
    `SELECT ${text} AS text FROM ${relation} WHERE ${where} LIMIT ${limit}`,
    Texts,
  );
  return [...new Set(rows.map((row) => row.text))];
}

function unreadable(column: TextColumn, texts: readonly string[], best: Best): UserError {
  const others =
    'Leave the column out of the order (--no-order: rows stay in file order), or write its values as numbers or as times such as 2019-05-20 13:45:00. A time written otherwise is told with --time-format, as strptime does: --time-format "%d/%m/%Y %H:%M".';
  const { reading, unread } = best;
  if (reading !== undefined && unread.length < texts.length / 2) {
    const how = reading.how
      .replace(/^is (text and is )?read/, 'can be read')
      .replace('is text that is', 'can be');
    return new UserError(
      `Column '${column.name}' of ${column.place} orders rows and ${how} in most rows, but not where it is ${shown(unread)}.`,
      `Correct these values, or leave them empty. ${others}`,
      { remedy: 'columns' },
    );
  }
  return new UserError(
    `Column '${column.name}' of ${column.place} orders rows, but its values are neither numbers, nor times in one form, nor texts that differ in their numbers only: ${shown(texts)}.`,
    others,
    { remedy: 'columns' },
  );
}

function shown(texts: readonly string[]): string {
  const some = texts.slice(0, SHOWN).map((text) => `‘${text.length > 40 ? `${text.slice(0, 40)}…` : text}’`);
  return some.join(', ') + (texts.length > SHOWN ? ', …' : '');
}
