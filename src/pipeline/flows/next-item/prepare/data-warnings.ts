import * as z from 'zod/mini';
import type { DuckDBSession } from '../../../data/duckdb-session.ts';
import { oneOrMany } from '../../../../protocol/text/format.ts';
import { nameOf } from '../../../data/sql-text.ts';
import { cutWarnings } from './cut-rows.ts';
import { minimumLength } from './code-sequences.ts';
import type { Findings } from './findings.ts';
import { givenSplitWarnings } from './given-split.ts';
import { missingWarnings, share } from '../../../data/rows/missing-rows.ts';
import { orderWarnings } from './order-warnings.ts';
import { PART } from './part.ts';
import { shorten } from './shorten.ts';
import type { RowView } from '../../../data/rows/row-view.ts';
import type { RepeatCounts } from './write-sequences.ts';
import { writtenNulls } from './written-nulls.ts';

/** Longer identifiers, in bytes, are worth a warning. */
const LONG_BYTES = 10_000;
/** The share of rows or sequences from which on being dropped is worth a warning. */
const MOST = 0.5;

const Figure = z.object({ n: z.number() });

/** What a person should know of items and sequences before they trust what is trained on them. */
export async function findWarnings(session: DuckDBSession, findings: Findings): Promise<string[]> {
  const { view, spec } = findings;
  const raised = `Leave-one-out needs sequences of at least ${minimumLength(spec)} items; a minimum length of ${spec.minimumLength} was raised to that.`;
  return present([
    await shortSequences(session, findings),
    ...missingWarnings(view.missing, spec),
    ...(await writtenNulls(session, findings)),
    ...(await orderWarnings(session, findings)),
    await similarItems(session, view),
    await longIdentifiers(session, 'items', view.item, 'item'),
    ...(await givenSplitWarnings(session, spec)),
    await longIdentifiers(session, 'sequences', view.sequence, 'sequence'),
    await severalUsers(session, view),
    await missingUsers(session, findings),
    await nullTimes(session, findings),
    ...cutWarnings(findings.heldOut, spec),
    await keysOnSeveralLines(session, findings),
    strangeCatalogue(findings),
    minimumLength(spec) === spec.minimumLength ? undefined : raised,
  ]);
}

/** A catalogue that lists nothing of the data most likely writes identifiers in another way. */
function strangeCatalogue({ catalogue }: Findings): string | undefined {
  if (catalogue === undefined || catalogue.added < catalogue.items) return undefined;
  const none = oneOrMany(
    catalogue.items,
    'The one item of the catalogue is not',
    (count) => `None of the ${count} items of the catalogue is`,
  );
  return `${none} in the data, and none of the data's in the catalogue: compare how the two write identifiers.`;
}

/** What they should know of the rows. */
export function duplicateWarnings({ duplicateRows }: RepeatCounts): string[] {
  if (duplicateRows === 0) return [];
  return [`${figure(duplicateRows)} rows equal another row in every column used.`];
}

/** Most of the data may be too short to learn from: then the sequence is probably not what it was taken for. */
async function shortSequences(
  session: DuckDBSession,
  { sizes, spec, view }: Findings,
): Promise<string | undefined> {
  const short = sizes.total - sizes.longEnough;
  const { n: rows } = await session.row(
    'SELECT coalesce(sum(sequence_rows) FILTER (NOT long_enough), 0)::DOUBLE AS n FROM sequences',
    Figure,
  );
  if (short < sizes.total * MOST && rows < view.rows * MOST) return undefined;
  const least = minimumLength(spec);
  return `${share(rows, view.rows)} of the rows and ${share(short, sizes.total)} of the sequences were dropped: only ${figure(sizes.longEnough)} of ${figure(sizes.total)} sequences have at least ${least} items. Check whether ${spec.sequence.map((name) => `‘${name}’`).join(' with ')} identifies a playlist, basket, session or user${least > 2 ? ', or lower the minimum length' : ''}.`;
}

function present(warnings: readonly (string | undefined)[]): string[] {
  return warnings.filter((warning) => warning !== undefined);
}

function figure(count: number): string {
  return count.toLocaleString('en');
}

/**
 * Items whose names are equal when case and unicode normal form are ignored. Hashes are compared first, which is
 * quicker, and then the names of those that share one.
 */
async function similarItems(session: DuckDBSession, view: RowView): Promise<string | undefined> {
  const parts = view.item.map((column) => `lower(nfc_normalize(coalesce(${column}::VARCHAR, '')))`);
  const suspects = `SELECT item FROM hashed SEMI JOIN (SELECT folded FROM hashed GROUP BY folded HAVING count(*) > 1) USING (folded)`;
  const names = `SELECT rowid AS item, lower(nfc_normalize(${nameOf(view.item)})) AS name FROM items WHERE rowid IN (${suspects})`;
  const groups = `SELECT count(*) AS size, min(item) AS first, max(item) AS last FROM (${names}) GROUP BY name HAVING size > 1`;
  const found = await session.row(
    `WITH hashed AS MATERIALIZED (SELECT rowid AS item, hash(${parts.join(', ')}) AS folded FROM items), alike AS (${groups}) SELECT coalesce(sum(size), 0)::DOUBLE AS n, min(first)::DOUBLE AS first, arg_min(last, first)::DOUBLE AS last FROM alike`,
    z.object({ n: z.number(), first: z.nullable(z.number()), last: z.nullable(z.number()) }),
  );
  if (found.first === null || found.last === null) return undefined;
  const pair = await session.rows(
    `SELECT ${nameOf(view.item)} AS name FROM items WHERE rowid IN (${found.first}, ${found.last}) ORDER BY rowid`,
    z.object({ name: z.string() }),
  );
  const [one, other] = pair.map(({ name }) => `‘${shorten(name, 80)}’`);
  return `${figure(found.n)} items have names that differ from another's only in case or unicode normal form, such as ${one ?? ''} and ${other ?? ''}; they are kept apart.`;
}

async function longIdentifiers(
  session: DuckDBSession,
  table: string,
  columns: readonly string[],
  what: string,
): Promise<string | undefined> {
  const bytes = columns.map((column) => `coalesce(strlen(${column}::VARCHAR), 0)`).join(' + ');
  const { n, longest } = await session.row(
    `SELECT count(*) FILTER (${bytes} > ${LONG_BYTES})::DOUBLE AS n, max(${bytes})::DOUBLE AS longest FROM ${table}`,
    z.extend(Figure, { longest: z.number() }),
  );
  if (n === 0) return undefined;
  return `${figure(n)} ${what} ${n === 1 ? 'identifier is' : 'identifiers are'} longer than ${figure(LONG_BYTES)} bytes (the longest: ${figure(longest)}); shown cut short.`;
}

async function severalUsers(session: DuckDBSession, view: RowView): Promise<string | undefined> {
  if (view.user === undefined || view.sequence.includes(view.user)) return undefined;
  const { n } = await session.row(
    'SELECT count(*) FILTER (several_users)::DOUBLE AS n FROM sequences',
    Figure,
  );
  if (n === 0) return undefined;
  return oneOrMany(
    n,
    '1 sequence has rows of several users; it counts for the first of them by name.',
    (count) => `${count} sequences have rows of several users; each counts for the first of them by name.`,
  );
}

async function missingUsers(session: DuckDBSession, { view, spec }: Findings): Promise<string | undefined> {
  if (view.user === undefined || spec.split.by !== 'user') return undefined;
  const { n } = await session.row(
    `SELECT count(*) FILTER (user_value IS NULL)::DOUBLE AS n FROM sequences WHERE part <> ${PART.dropped}`,
    Figure,
  );
  if (n === 0) return undefined;
  return oneOrMany(
    n,
    '1 sequence has no user; it counts as a user of its own.',
    (count) => `${count} sequences have no user; each counts as a user of its own.`,
  );
}

async function nullTimes(session: DuckDBSession, { view, spec }: Findings): Promise<string | undefined> {
  if (view.time === undefined || spec.split.by !== 'column') return undefined;
  const { n } = await session.row(
    'SELECT count(*) FILTER (first_time IS NULL)::DOUBLE AS n FROM sequences',
    Figure,
  );
  if (n === 0) return undefined;
  return oneOrMany(
    n,
    '1 sequence has no time; it counts as the earliest.',
    (count) => `${count} sequences have no time; they count as the earliest.`,
  );
}

/** One sequence a line: a key that comes again has its lines dealt into each other, position by position. */
async function keysOnSeveralLines(
  session: DuckDBSession,
  { view, spec, sizes }: Findings,
): Promise<string | undefined> {
  const position = [...view.original].find(([, name]) => name === 'position')?.[0];
  if (spec.format !== 'sequences' || position === undefined || !view.order.includes(position))
    return undefined;
  const { n: lines } = await session.row(
    `SELECT count(*) FILTER (${position} = 1)::DOUBLE AS n FROM source_rows`,
    Figure,
  );
  if (lines === sizes.total) return undefined;
  const rest = `their items are ordered by position in the line, so lines of one key are mixed. Order by nothing to have them follow each other.`;
  return oneOrMany(
    lines - sizes.total,
    `1 line begins with the key of an earlier line; ${rest}`,
    (count) => `${count} lines begin with the key of an earlier line; ${rest}`,
  );
}
