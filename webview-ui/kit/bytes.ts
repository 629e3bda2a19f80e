/** Typed arrays of what a contract calls bytes: base64 in a file, as they are otherwise. */
import type { Bytes } from '../../src/protocol/panels/bytes.ts';

export function bytesOf(given: Bytes): Uint8Array<ArrayBuffer> {
  if (typeof given !== 'string') return given;
  const text = atob(given);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** A copy that begins where numbers of four bytes may. @throws Error where the last number is cut */
function aligned(given: Bytes): ArrayBuffer {
  const bytes = bytesOf(given);
  if (bytes.length % 4 !== 0) throw new Error('an array of numbers is cut short');
  const copy = new ArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return copy;
}

export const floatsOf = (given: Bytes): Float32Array => new Float32Array(aligned(given));
export const integersOf = (given: Bytes): Int32Array => new Int32Array(aligned(given));
export const countsOf = (given: Bytes): Uint32Array => new Uint32Array(aligned(given));
