/** What constant tensors hold, made when it is written: a model of a gigabyte is not held a second time. */
import type { DataType } from './tensorflow-messages.ts';
import { fieldHead, heldBytes, type Bytes } from './wire.ts';

/** Bytes of rows that are made at a time. */
const BLOCK_BYTES = 1 << 20;
/** Number of `Tensor.string_val`. */
const STRING_VAL = 8;

export interface TensorData<T extends DataType = DataType> {
  readonly type: T;
  readonly shape: readonly number[];
  /** Numbers as they lie in memory, little-endian; strings as the fields of their message. */
  readonly content: Bytes;
  /** Of strings each by itself. */
  readonly text?: (at: number) => string;
}

type NumberArray<T extends DataType> = T extends 'float'
  ? Float32Array
  : T extends 'double'
    ? Float64Array
    : T extends 'int32'
      ? Int32Array
      : Uint8Array;

function bytesOf({
  buffer,
  byteOffset,
  byteLength,
}: Float32Array | Float64Array | Int32Array | Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** An array as it is. */
export function arrayData<T extends 'float' | 'double' | 'int32' | 'bool'>(
  type: T,
  array: NumberArray<T>,
  shape: readonly number[] = [array.length],
): TensorData<T> {
  return { type, shape, content: heldBytes(bytesOf(array)) };
}

export interface RowsToWrite {
  readonly rows: number;
  readonly dimension: number;
  /** Fills a row. */
  readonly fill: (row: number, out: Float32Array) => void;
}

/** A matrix of float32 that is made row by row. */
export function rowsData({ rows, dimension, fill }: RowsToWrite): TensorData<'float'> {
  const together = Math.max(1, Math.floor(BLOCK_BYTES / (4 * Math.max(1, dimension))));
  const content: Bytes = {
    length: 4 * rows * dimension,
    *chunks() {
      for (let from = 0; from < rows; from += together) {
        const count = Math.min(together, rows - from);
        const block = new Float32Array(count * dimension);
        for (let at = 0; at < count; at++)
          fill(from + at, block.subarray(at * dimension, (at + 1) * dimension));
        yield bytesOf(block);
      }
    },
  };
  return { type: 'float', shape: [rows, dimension], content };
}

/** Numbers that are made piece by piece, each time anew. */
export function blocksData<T extends 'float' | 'double' | 'int32'>(
  type: T,
  count: number,
  blocks: () => Iterable<NumberArray<T>>,
): TensorData<T> {
  const content: Bytes = {
    length: (type === 'double' ? 8 : 4) * count,
    *chunks() {
      let pieces: Uint8Array[] = [];
      let size = 0;
      for (const block of blocks()) {
        pieces.push(bytesOf(block));
        size += block.byteLength;
        if (size < BLOCK_BYTES) continue;
        yield Buffer.concat(pieces, size);
        [pieces, size] = [[], 0];
      }
      yield Buffer.concat(pieces, size);
    },
  };
  return { type, shape: [count], content };
}

/** Strings, each of which is asked for twice. */
export function stringsData(count: number, text: (at: number) => string): TensorData<'string'> {
  let length = 0;
  for (let at = 0; at < count; at++) {
    const bytes = Buffer.byteLength(text(at));
    length += fieldHead(STRING_VAL, bytes).length + bytes;
  }
  return {
    type: 'string',
    shape: [count],
    text,
    content: { length, chunks: () => stringChunks(count, text) },
  };
}

function* stringChunks(count: number, text: (at: number) => string): Iterable<Uint8Array> {
  let pieces: Uint8Array[] = [];
  let size = 0;
  for (let at = 0; at < count; at++) {
    const bytes = Buffer.from(text(at));
    const head = fieldHead(STRING_VAL, bytes.length);
    pieces.push(head, bytes);
    size += head.length + bytes.length;
    if (size < BLOCK_BYTES) continue;
    yield Buffer.concat(pieces, size);
    [pieces, size] = [[], 0];
  }
  yield Buffer.concat(pieces, size);
}
