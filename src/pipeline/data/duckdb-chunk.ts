import { arrayValue, DuckDBArrayVector, DuckDBBigIntVector, DuckDBIntegerVector } from '@duckdb/node-api';
import type { DuckDBDataChunk, DuckDBVector } from '@duckdb/node-api';

/** The numbers of an INTEGER column without nulls, as they lie in DuckDB's memory: good as long as the chunk is. */
export function integersOf(chunk: DuckDBDataChunk, column: number): Int32Array {
  const vector = integerVectorOf(chunk, column);
  return itemsOf(vector) ?? Int32Array.from({ length: chunk.rowCount }, (_, row) => vector.getItem(row) ?? 0);
}

/**
 * The halves of a BIGINT column without nulls, low and high of each row in turn, as they lie in DuckDB's memory: good as
 * long as the chunk is. DuckDB's bindings are built for little-endian machines only.
 */
export function halvesOf(chunk: DuckDBDataChunk, column: number): Int32Array {
  const vector = chunk.getColumnVector(column);
  if (!(vector instanceof DuckDBBigIntVector)) throw new Error(`column ${column} is not BIGINT`);
  const items: unknown = Reflect.get(vector, 'items');
  const values =
    items instanceof BigInt64Array
      ? items
      : BigInt64Array.from({ length: chunk.rowCount }, (_, row) => vector.getItem(row) ?? 0n);
  return new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
}

/** The texts of a VARCHAR column without nulls. */
export function textsOf(chunk: DuckDBDataChunk, column: number): string[] {
  const vector = chunk.getColumnVector(column);
  return Array.from({ length: chunk.rowCount }, (_, row) => String(vector.getItem(row)));
}

/** Fills an INTEGER column, without nulls. */
export function setIntegers(chunk: DuckDBDataChunk, column: number, values: Int32Array): void {
  const vector = integerVectorOf(chunk, column);
  const items = itemsOf(vector);
  if (items === undefined) values.forEach((value, row) => vector.setItem(row, value));
  else items.set(values);
  vector.flush();
}

/** Fills a vector of FLOAT[dimension], without nulls, with rows of a matrix. */
export function setMatrixRows(
  out: DuckDBVector,
  values: Float32Array,
  dimension: number,
  rows: Int32Array,
): void {
  if (!(out instanceof DuckDBArrayVector)) throw new Error('the vector is not of arrays');
  // Private parts, as below.
  const child: unknown = Reflect.get(out, 'childData');
  const items: unknown =
    typeof child === 'object' && child !== null ? Reflect.get(child, 'items') : undefined;
  rows.forEach((row, at) => {
    const vector = values.subarray(row * dimension, (row + 1) * dimension);
    if (items instanceof Float32Array) items.set(vector, at * dimension);
    else out.setItem(at, arrayValue(Array.from(vector)));
  });
  out.flush();
}

function integerVectorOf(chunk: DuckDBDataChunk, column: number): DuckDBIntegerVector {
  const vector = chunk.getColumnVector(column);
  if (!(vector instanceof DuckDBIntegerVector)) throw new Error(`column ${column} is not INTEGER`);
  return vector;
}

/** A private part of the vector, where it is found: going item by item takes 20 times as long. */
function itemsOf(vector: DuckDBIntegerVector): Int32Array | undefined {
  const items: unknown = Reflect.get(vector, 'items');
  return items instanceof Int32Array ? items : undefined;
}
