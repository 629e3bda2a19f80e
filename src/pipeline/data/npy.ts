/** NumPy's `.npy` format, version 1.0 (numpy.lib.format): little-endian, C order, one or two dimensions. */
import * as fs from 'node:fs/promises';
import { DamagedFileError, unreadable } from '../store/damaged-file.ts';

export type NpyArray = Float32Array | Float64Array | Int32Array | Uint32Array | Uint8Array;

export interface NpyConstructor<A extends NpyArray> {
  new (buffer: ArrayBuffer): A;
  readonly BYTES_PER_ELEMENT: number;
}

const MAGIC = '\x93NUMPY';
const ALIGNMENT = 64;
const MAX_IO = 1 << 28;

function descriptorOf(array: NpyArray): string {
  if (array instanceof Float32Array) return '<f4';
  if (array instanceof Float64Array) return '<f8';
  if (array instanceof Int32Array) return '<i4';
  if (array instanceof Uint32Array) return '<u4';
  return '|u1';
}

/** The bytes before the items of an array of this kind and shape. */
export function npyHeader(array: NpyArray, shape: readonly number[]): Buffer {
  const descriptor = descriptorOf(array);
  const dims = shape.length === 1 ? `${shape[0] ?? 0},` : shape.join(', ');
  const dictionary = `{'descr': '${descriptor}', 'fortran_order': False, 'shape': (${dims}), }`;
  const unpadded = 10 + dictionary.length + 1;
  const padding = (ALIGNMENT - (unpadded % ALIGNMENT)) % ALIGNMENT;
  const text = `${dictionary}${' '.repeat(padding)}\n`;
  const prefix = Buffer.from(`${MAGIC}\x01\x00`, 'latin1');
  const length = Buffer.alloc(2);
  length.writeUInt16LE(text.length);
  return Buffer.concat([prefix, length, Buffer.from(text, 'latin1')]);
}

/** Writes an array of the given shape (default: one dimension) to `file`. */
export async function writeNpy(
  file: string,
  array: NpyArray,
  shape: readonly number[] = [array.length],
): Promise<void> {
  const handle = await fs.open(file, 'w');
  try {
    await writeBytes(handle, npyHeader(array, shape));
    await writeBytes(handle, new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  } finally {
    await handle.close();
  }
}

/** Writes all the bytes at the file's position, however many the system takes at a time. */
export async function writeBytes(handle: fs.FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;)
    at += (await handle.write(bytes.subarray(at, at + MAX_IO))).bytesWritten;
}

export interface Header {
  readonly descriptor: string;
  readonly shape: number[];
  readonly offset: number;
}

/** A header longer than this is none of ours. */
const MOST_HEADER = 4096;

function parseHeader(file: string, start: Buffer): Header {
  const broken = (): DamagedFileError =>
    new DamagedFileError(file, 'it does not begin as an .npy array of this program does');
  if (start.length < 10 || start.subarray(0, 6).toString('latin1') !== MAGIC) throw broken();
  const length = start.readUInt16LE(8);
  const text = start.subarray(10, 10 + length).toString('latin1');
  const descriptor = /'descr': '([^']+)'/.exec(text)?.[1];
  const shape = /'shape': \(([\d, ]*)\)/.exec(text)?.[1];
  if (descriptor === undefined || shape === undefined || !text.includes("'fortran_order': False"))
    throw broken();
  const dims = shape
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(Number);
  return { descriptor, shape: dims, offset: 10 + length };
}

/** What a file says of itself in its first bytes. @throws UserError when it is no such file */
export async function npyHead(handle: fs.FileHandle, file: string): Promise<Header> {
  const start = Buffer.alloc(MOST_HEADER);
  const { bytesRead } = await handle.read(start, 0, start.length, 0);
  return parseHeader(file, start.subarray(0, bytesRead));
}

/** Fills `bytes` from a place in the file on. @throws UserError when it ends before */
export async function readBytes(
  handle: fs.FileHandle,
  bytes: Uint8Array,
  from: number,
  file: string,
): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const read = await handle.read(bytes, at, Math.min(MAX_IO, bytes.length - at), from + at);
    if (read.bytesRead === 0) throw new DamagedFileError(file, 'it is cut short');
    at += read.bytesRead;
  }
}

/** @throws DamagedFileError when the file's length is not that of the array its header tells of */
function requireLength(file: string, { shape, offset }: Header, itemBytes: number, bytes: number): void {
  const expected = offset + shape.reduce((product, dim) => product * dim, 1) * itemBytes;
  if (bytes === expected) return;
  throw new DamagedFileError(
    file,
    `${bytes < expected ? 'it is cut short' : 'it is too long'}: an array of shape (${shape.join(', ')}) takes ${expected} bytes, and it has ${bytes}`,
  );
}

/**
 * Reads a whole `.npy` file into a typed array of the asked kind.
 * @throws UserError when the file cannot be read, is broken, of another length, or of another element type
 */
export async function readNpy<A extends NpyArray>(
  file: string,
  kind: NpyConstructor<A>,
): Promise<{ array: A; shape: number[] }> {
  let handle: fs.FileHandle | undefined;
  try {
    handle = await fs.open(file, 'r');
    return await readArray(file, handle, kind);
  } catch (error) {
    throw unreadable(file, error);
  } finally {
    await handle?.close();
  }
}

async function readArray<A extends NpyArray>(
  file: string,
  handle: fs.FileHandle,
  kind: NpyConstructor<A>,
): Promise<{ array: A; shape: number[] }> {
  const header = await npyHead(handle, file);
  const wanted = descriptorOf(new kind(new ArrayBuffer(0)));
  if (wanted !== header.descriptor)
    throw new DamagedFileError(file, `it holds ${header.descriptor}, not ${wanted}`);
  const { size } = await handle.stat();
  requireLength(file, header, kind.BYTES_PER_ELEMENT, size);
  const array = new kind(new ArrayBuffer(size - header.offset));
  await readBytes(handle, new Uint8Array(array.buffer, 0, array.byteLength), header.offset, file);
  return { array, shape: header.shape };
}
