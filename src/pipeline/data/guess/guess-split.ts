/**
 * Guesses how to split data by measuring: where held-out sequences have near copies in training, and a split by user or
 * by time parts these, that is the guess.
 */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import * as z from 'zod/mini';
import type { DatasetSpec, Guess, Split } from '../../../protocol/dataset-spec.ts';
import { MANY_COPIES, shareOfCopies } from '../../../protocol/held-out.ts';
import type { NearCopies } from '../../../protocol/held-out.ts';
import { formatPercent } from '../../../protocol/text/format.ts';
import { checkSpec } from '../check-spec.ts';
import type { Column } from '../column.ts';
import { integersOf } from '../duckdb-chunk.ts';
import { withDuckDB } from '../duckdb-session.ts';
import type { DuckDBSession } from '../duckdb-session.ts';
import { measureNearCopies } from '../near-copies.ts';
import { openSource } from '../reading/open-source.ts';
import type { OpenedSource } from '../reading/open-source.ts';
import { sourceOf } from '../reading/source-of.ts';

/** Rows looked at: the first, since a person waits. */
const MOST_ROWS = 500_000;
/** Fewer held-out sequences, users or times say nothing. */
const LEAST_LOOKED = 100;
const LEAST_UNITS = 10;
/** Another split is better where it leaves at most this share of the near copies. */
const MUCH_BETTER = 0.5;
const LOOK = { memoryLimit: 1024, threads: 2 };

type Measured = Exclude<Split['by'], 'leave-one-out' | 'column'>;

/**
 * The guess with the split that the data ask for, and why. Data that cannot be read to the end of what is looked at keep
 * the guess they have: the step that needs them all says what is wrong.
 * @param columns with the types that their values have
 */
export async function withMeasuredSplit(
  data: string,
  guess: Guess,
  columns: readonly Column[],
): Promise<Guess> {
  const { spec } = guess;
  if (spec.split.by !== 'sequence' || (spec.user === undefined && spec.time === undefined)) return guess;
  const found = await measureSplits(data, spec, columns).catch(() => undefined);
  if (found === undefined) return guess;
  return {
    spec: { ...spec, split: { ...spec.split, by: found.by } },
    reasons: { ...guess.reasons, split: found.reason },
  };
}

interface MeasuredSplit {
  readonly by: Measured;
  readonly reason: string;
}

async function measureSplits(
  data: string,
  spec: DatasetSpec,
  columns: readonly Column[],
): Promise<MeasuredSplit | undefined> {
  const source = await sourceOf(data, spec);
  const scratch = await fs.mkdtemp(path.join(os.tmpdir(), 'recsys-look-'));
  try {
    return await withDuckDB(LOOK, async (session) => {
      const opened = await openSource(session, source, { scratch, whole: false }, spec);
      checkSpec(
        spec,
        [...opened.columns].map(([name, { type }]) => ({ name, type })).concat(opened.folded),
        data,
      );
      await takeRows(session, opened, spec, columns);
      return await bestSplit(session, spec);
    });
  } finally {
    await fs.rm(scratch, { recursive: true, force: true });
  }
}

/**
 * Makes the tables `looked` (one row a row: hashes of sequence, item and user, and the time), `looked_items` with a code for
 * each item by descending rows, and `looked_sequences`.
 */
async function takeRows(
  session: DuckDBSession,
  opened: OpenedSource,
  spec: DatasetSpec,
  columns: readonly Column[],
): Promise<void> {
  const sqlOf = (name: string): string =>
    opened.columns.get(name)?.sql ?? opened.folded.find((column) => column.name === name)?.sql ?? 'NULL';
  const hashed = (names: readonly string[]): string => `hash(${names.map(sqlOf).join(', ')})`;
  const type = columns.find(({ name }) => name === spec.time)?.type ?? 'VARCHAR';
  const time = spec.time === undefined ? 'NULL' : `TRY_CAST((${sqlOf(spec.time)})::VARCHAR AS ${type})`;
  const user = spec.user === undefined ? 'NULL::UBIGINT' : hashed([spec.user]);
  await session.run(
    `CREATE TABLE looked AS SELECT ${hashed(spec.sequence)} AS s, ${hashed(spec.item)} AS i, ${user} AS u, ${time} AS t FROM ${opened.from} LIMIT ${MOST_ROWS};
     CREATE TABLE looked_items AS SELECT i, (row_number() OVER (ORDER BY count(*) DESC, i) - 1)::INTEGER AS code FROM looked GROUP BY i;
     CREATE TABLE looked_sequences AS SELECT s, min(u) AS u, min(t) AS t FROM looked GROUP BY s HAVING count(*) >= ${spec.minimumLength}`,
  );
}

async function bestSplit(session: DuckDBSession, spec: DatasetSpec): Promise<MeasuredSplit | undefined> {
  const { rows, users, times } = await session.row(
    'SELECT (SELECT count(*) FROM looked)::DOUBLE AS rows, count(DISTINCT u)::DOUBLE AS users, count(DISTINCT t)::DOUBLE AS times FROM looked_sequences',
    z.object({ rows: z.number(), users: z.number(), times: z.number() }),
  );
  const drawn = await copiesOf(session, spec, 'sequence');
  const share = shareOfCopies(drawn);
  if (drawn.validation.looked + drawn.test.looked < LEAST_LOOKED || share < MANY_COPIES) return undefined;
  const others: { by: Measured; share: number }[] = [];
  if (users >= LEAST_UNITS)
    others.push({ by: 'user', share: shareOfCopies(await copiesOf(session, spec, 'user')) });
  if (times >= LEAST_UNITS)
    others.push({ by: 'time', share: shareOfCopies(await copiesOf(session, spec, 'time')) });
  const [best] = others
    .filter((other) => other.share <= MUCH_BETTER * share)
    .sort((a, b) => a.share - b.share);
  if (best === undefined) return undefined;
  const looked = rows < MOST_ROWS ? '' : ` (in the first ${MOST_ROWS.toLocaleString('en')} rows)`;
  return {
    by: best.by,
    reason: `${formatPercent(share)} of the held-out sequences have a near copy in training when split by sequence, ${formatPercent(best.share)} when split by ${best.by}${looked}.`,
  };
}

/** What the places of sequences are told by: their own hash, that of their user, or when they begin. */
const RANKS: Readonly<Record<Measured, string>> = {
  sequence: 'row_number() OVER (ORDER BY hash(s), s)',
  user: 'dense_rank() OVER (ORDER BY hash(u), u)',
  time: 'dense_rank() OVER (ORDER BY t NULLS FIRST)',
};

/** Near copies, were the rows looked at split like this: in time, rows that are not before the next part are left out. */
async function copiesOf(session: DuckDBSession, { split }: DatasetSpec, by: Measured): Promise<NearCopies> {
  const parts = await partSequences(session, split.ratios, by);
  const until = (part: number): string => `(SELECT min(t) FROM parted WHERE part = ${part})`;
  const late = `(part = 0 AND looked.t >= ${until(1)}) OR (part = 1 AND looked.t >= ${until(2)})`;
  const kept = by === 'time' ? `NOT coalesce(${late}, false)` : 'true';
  const sequences = parts.train + parts.validation + parts.test;
  const offsets = new Uint32Array(sequences + 1);
  const items: number[] = [];
  let itemCount = 0;
  await session.stream(
    `SELECT place, code FROM looked JOIN parted USING (s) JOIN looked_items USING (i) WHERE ${kept} ORDER BY place`,
    (chunk) => {
      for (const place of integersOf(chunk, 0)) offsets[place + 1] = (offsets[place + 1] ?? 0) + 1;
      for (const item of integersOf(chunk, 1)) {
        items.push(item);
        itemCount = Math.max(itemCount, item + 1);
      }
    },
  );
  for (let s = 0; s < sequences; s++) offsets[s + 1] = (offsets[s + 1] ?? 0) + (offsets[s] ?? 0);
  const all = Int32Array.from(items);
  const parted = { offsets, itemCount, parts, read: (from: number, to: number) => all.subarray(from, to) };
  return await measureNearCopies(parted, 0, () => Promise.resolve());
}

const Parts = z.object({ train: z.number(), validation: z.number(), test: z.number() });

/** Makes the table `parted`: the sequences looked at with the part and the place that a split gives them. */
async function partSequences(
  session: DuckDBSession,
  [train, validation]: readonly [number, number, number],
  by: Measured,
): Promise<z.infer<typeof Parts>> {
  const below = (share: number): string => `rank <= floor(${share.toFixed(12)}::DOUBLE * ranks)`;
  await session.run(
    `CREATE OR REPLACE TABLE parted AS SELECT *, (row_number() OVER (ORDER BY part, s) - 1)::INTEGER AS place FROM
     (SELECT *, CASE WHEN ${below(train)} THEN 0 WHEN ${below(train + validation)} THEN 1 ELSE 2 END AS part
      FROM (SELECT *, max(rank) OVER () AS ranks FROM (SELECT *, ${RANKS[by]} AS rank FROM looked_sequences)))`,
  );
  const count = (part: number): string => `count(*) FILTER (part = ${part})::DOUBLE`;
  return await session.row(
    `SELECT ${count(0)} AS train, ${count(1)} AS validation, ${count(2)} AS test FROM parted`,
    Parts,
  );
}
