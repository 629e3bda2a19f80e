/** An input whose rows are queries without a name: they are named by their numbers. */
import * as path from 'node:path';
import * as z from 'zod/mini';
import type { DatasetSpec } from '../../protocol/dataset-spec.ts';
import { freeName } from '../data/free-name.ts';
import type { DuckDBSession, OnFraction } from '../data/duckdb-session.ts';
import { openSource } from '../data/reading/open-source.ts';
import { POSITION } from '../data/reading/unfold.ts';
import { quoteName, quoteText } from '../data/sql-text.ts';
import type { InputSpec } from './input-spec.ts';

const FILE = 'numbered.parquet';

export interface NumberedRows extends Pick<InputSpec, 'source' | 'spec'> {
  readonly rows: number;
}

/** Writes the rows with their numbers, from 1, to a parquet file in `scratch`; lists stay lists. */
export async function numberRows(
  session: DuckDBSession,
  { source, spec }: InputSpec,
  scratch: string,
  onFraction: OnFraction,
): Promise<NumberedRows> {
  const opened = await openSource(session, source, { scratch, whole: true }, { item: [], order: [] });
  const named = [...opened.columns].filter(([name]) => [...spec.item, ...spec.order].includes(name));
  const columns = [
    ...named.map(([name, { sql }]) => ({ name, sql })),
    ...opened.folded.map(({ name, sql }) => ({ name, sql })),
  ];
  const row = freeName(
    'row',
    columns.map(({ name }) => name),
  );
  const selected = columns.map(({ name, sql }) => `${sql} AS ${quoteName(name)}`);
  const file = path.join(scratch, FILE);
  await session.run(
    `COPY (SELECT row_number() OVER ()::BIGINT AS ${quoteName(row)}, ${selected.join(', ')} FROM ${opened.from}) TO ${quoteText(file)} (FORMAT parquet, COMPRESSION snappy)`,
    onFraction,
  );
  const { n } = await session.row(
    `SELECT count(*)::DOUBLE AS n FROM read_parquet(${quoteText(file)})`,
    z.object({ n: z.number() }),
  );
  const numbered = { format: 'parquet', files: [file], ...listsIn(source.reading) } as const;
  return { rows: n, source: numbered, spec: specOf(spec, row) };
}

/** Of the reading only what parts the items of a cell still says something of parquet. */
function listsIn(reading: DatasetSpec['reading']): Pick<InputSpec['source'], 'reading'> {
  const { listSeparator } = reading ?? {};
  return listSeparator === undefined ? {} : { reading: { listSeparator } };
}

function specOf(spec: DatasetSpec, row: string): DatasetSpec {
  const { reading: _, ...rest } = spec;
  // Elements stand in the order of their list where nothing else orders them.
  return {
    ...{ ...rest, ...listsIn(spec.reading), format: 'parquet', sequence: [row] },
    order: spec.order.filter((name) => name !== POSITION),
  };
}
