import type { ItemVectors } from '../kinds/ranking/scorer.ts';

/** The numbers of a row, where they lie. */
export function vectorOf({ values, dimension }: ItemVectors, row: number): Float32Array {
  return values.subarray(row * dimension, (row + 1) * dimension);
}

/** The same as bytes: float32, little-endian. */
export function bytesOf(vectors: ItemVectors, row: number): Uint8Array {
  const { buffer, byteOffset, byteLength } = vectorOf(vectors, row);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Decimal digits that tell any float32 from all others. */
const DIGITS = 9;

/** The same as text that is read back to the bit. */
export function textOf(vectors: ItemVectors, row: number, between: string): string {
  let text = '';
  for (const value of vectorOf(vectors, row))
    text += (text === '' ? '' : between) + value.toPrecision(DIGITS);
  return text;
}
