/** What a person should know of the columns that order rows. */
import * as z from 'zod/mini';
import type { DatasetSpec } from '../../../../protocol/dataset-spec.ts';
import { oneOrMany } from '../../../../protocol/text/format.ts';
import type { DuckDBSession } from '../../../data/duckdb-session.ts';
import type { Findings } from './findings.ts';
import { share } from '../../../data/rows/missing-rows.ts';
import { PART } from './part.ts';
import type { RowView } from '../../../data/rows/row-view.ts';

/** Rows that are looked at for ties: where equal ones do not stand near each other, fewer are found. */
const LOOK_ROWS = 50_000;
/** From this share of them on, rows that nothing orders are worth a warning. */
const TIED = 0.05;

const Figure = z.object({ n: z.number() });

export async function orderWarnings(session: DuckDBSession, { view, spec }: Findings): Promise<string[]> {
  return [
    ...(await missingOrders(session, view)),
    ...naturalOrders(view),
    ...(await mixedEpochs(session, view)),
    ...(await tiedRows(session, view, spec)),
  ];
}

/** Rows of the parts that have no value in a column that orders; they come last. */
async function missingOrders(session: DuckDBSession, view: RowView): Promise<string[]> {
  const warnings: string[] = [];
  for (const column of new Set(view.order)) {
    if (view.sequence.includes(column) || view.item.includes(column)) continue;
    const { n } = await session.row(
      `SELECT coalesce(sum(sequence_rows) - sum(filled_${column}), 0)::DOUBLE AS n FROM sequences WHERE part <> ${PART.dropped}`,
      Figure,
    );
    if (n > 0)
      warnings.push(
        oneOrMany(
          n,
          `1 row has no value in ‘${nameIn(view, column)}’, which orders rows: it comes last in its sequence.`,
          (count) =>
            `${count} rows (${share(n, view.rows)}) have no value in ‘${nameIn(view, column)}’, which orders rows: they come last in their sequences, in file order.`,
        ),
      );
  }
  return warnings;
}

function naturalOrders({ readings }: RowView): string[] {
  return readings
    .filter(({ kind }) => kind === 'natural')
    .map(({ column, how }) => `‘${column}’ orders rows and ${how}.`);
}

/** Units of time since 1970, and the numbers that are times from 1985 to 2128 in each. */
const EPOCHS = [
  ['seconds', 5e8, 5e9],
  ['milliseconds', 5e11, 5e12],
  ['microseconds', 5e14, 5e15],
  ['nanoseconds', 5e17, 5e18],
] as const;
/** Of the rows: so many have to be times for the column to hold any. */
const ARE_TIMES = 0.99;

/** Numbers of one column that are times in different units: those of the smaller unit all come later. */
async function mixedEpochs(session: DuckDBSession, view: RowView): Promise<string[]> {
  const warnings: string[] = [];
  for (const column of view.orderNumbers) {
    const { least, most } = await session.row(
      `SELECT min(${column})::DOUBLE AS least, max(${column})::DOUBLE AS most FROM source_rows`,
      z.object({ least: z.nullable(z.number()), most: z.nullable(z.number()) }),
    );
    const unitOf = (value: number): number =>
      EPOCHS.findIndex(([, from, to]) => value >= from && value <= to);
    if (least === null || most === null || unitOf(most) <= unitOf(least)) continue;
    const counts = EPOCHS.map(
      ([unit, from, to]) => `count(*) FILTER (${column} BETWEEN ${from} AND ${to})::DOUBLE AS ${unit}`,
    );
    const { n, ...found } = await session.row(
      `SELECT count(${column})::DOUBLE AS n, ${counts.join(', ')} FROM source_rows`,
      z.catchall(Figure, z.number()),
    );
    const units = Object.entries(found).filter(([, rows]) => rows > 0);
    const times = units.reduce((sum, [, rows]) => sum + rows, 0);
    if (units.length > 1 && times >= ARE_TIMES * n)
      warnings.push(
        `‘${nameIn(view, column)}’ mixes units of time: ${units.map(([unit, rows]) => `${unit} in ${rows.toLocaleString('en')} rows`).join(', ')}. All rows of one unit come before those of the next; write them in one.`,
      );
  }
  return warnings;
}

/** Rows that the order does not tell from others of their sequence: they stay as they stand in the files. */
async function tiedRows(session: DuckDBSession, view: RowView, spec: DatasetSpec): Promise<string[]> {
  const order = [...new Set(view.order)];
  if (order.length === 0) return [];
  const filled = order.map((column) => `${column} IS NOT NULL`).join(' OR ');
  const columns = [...new Set([...view.sequence, ...order])].join(', ');
  const looked = `SELECT ${columns}, hash(${view.item.join(', ')}) AS item_hash FROM source_rows LIMIT ${LOOK_ROWS}`;
  // Equal items in one place are the same list, whichever of them comes first.
  const places = `SELECT count(*) AS n, min(item_hash) <> max(item_hash) AS differ FROM (${looked}) WHERE ${filled} GROUP BY ${[...view.sequence, ...order].join(', ')}`;
  const { rows, tied } = await session.row(
    `SELECT coalesce(sum(n), 0)::DOUBLE AS rows, coalesce(sum(n) FILTER (differ), 0)::DOUBLE AS tied FROM (${places})`,
    z.object({ rows: z.number(), tied: z.number() }),
  );
  if (tied < TIED * rows) return [];
  const named = spec.order.map((name) => `‘${name}’`).join(' with ');
  const some = view.rows <= LOOK_ROWS ? 'rows' : `first ${LOOK_ROWS.toLocaleString('en')} rows`;
  return [
    `${share(tied, rows)} of the ${some} have the same ${named} as another item of their sequence: they stay as they stand in the files. If a further column orders them, add it to the order.`,
  ];
}

function nameIn(view: RowView, column: string): string {
  return view.original.get(column) ?? column;
}
