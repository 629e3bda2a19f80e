import type { StackTable } from '../../../src/pipeline/kinds/stack/stack-table.ts';

export interface TableQuery {
  /** Candidates × features. */
  readonly rows: readonly (readonly number[])[];
  readonly gates?: readonly number[];
  /** Place of the target, −1: a miss. */
  readonly target: number;
  readonly cluster?: number;
}

/** A table of queries that are written out; each is a cluster of its own unless it says otherwise. */
export function stackTable(queries: readonly TableQuery[], width: number): StackTable {
  const bounds = new Uint32Array(queries.length + 1);
  queries.forEach(({ rows }, q) => (bounds[q + 1] = (bounds[q] ?? 0) + rows.length));
  return {
    width,
    gateCount: queries[0]?.gates?.length ?? 0,
    features: Float32Array.from(queries.flatMap(({ rows }) => rows.flat())),
    bounds,
    gates: Float32Array.from(queries.flatMap(({ gates = [] }) => gates)),
    targets: Int32Array.from(queries, ({ target }) => target),
    cluster: Uint32Array.from(queries, ({ cluster }, q) => cluster ?? q),
  };
}

/** The features of a table by query and candidate. */
export function rowsOf({ features, bounds, width }: StackTable, query: number): number[][] {
  const [from = 0, to = 0] = [bounds[query], bounds[query + 1]];
  return Array.from({ length: to - from }, (_, i) => [
    ...features.subarray((from + i) * width, (from + i + 1) * width),
  ]);
}
