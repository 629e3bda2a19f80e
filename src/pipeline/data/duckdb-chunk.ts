import { DuckDBIntegerVector } from '@duckdb/node-api';
import type { DuckDBDataChunk } from '@duckdb/node-api';

/** The column of a chunk as INTEGER; its items are read from DuckDB's memory, without an object a row. */
export function integersOf(chunk: DuckDBDataChunk, column: number): DuckDBIntegerVector {
  const vector = chunk.getColumnVector(column);
  if (!(vector instanceof DuckDBIntegerVector)) throw new Error(`column ${column} is not INTEGER`);
  return vector;
}
