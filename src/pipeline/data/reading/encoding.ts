import { isUtf8 } from 'node:buffer';
import { UserError } from '../../../protocol/user-error.ts';

/** Names of the WHATWG's Encoding Standard, which `TextDecoder` knows. */
export type Encoding = string;

export const UTF_8 = 'utf-8';
/** What programs on Windows write and call ANSI or latin-1: a superset of ISO 8859-1's printable characters. */
export const WINDOWS_1252 = 'windows-1252';

/**
 * The encoding of the beginning of a text: by its byte order mark, by where its zero bytes stand, UTF-8 where it is valid,
 * and else windows-1252.
 * @param whole whether these are all bytes; else a character at the end may be cut
 */
export function encodingOf(bytes: Buffer, whole: boolean): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const wide = wideEncoding(bytes);
  if (wide !== undefined) return wide;
  return isUtf8(whole ? bytes : wholeCharacters(bytes)) ? UTF_8 : WINDOWS_1252;
}

/** Text of mostly western letters in UTF-16 has a zero in every other byte. */
function wideEncoding(bytes: Buffer): Encoding | undefined {
  const zeros = [0, 0];
  const length = Math.min(bytes.length, 4096) & ~1;
  for (let at = 0; at < length; at++) if (bytes[at] === 0) zeros[at & 1] = (zeros[at & 1] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (odd > length / 8 && even * 8 < odd) return 'utf-16le';
  return even > length / 8 && odd * 8 < even ? 'utf-16be' : undefined;
}

/** UTF-8 without the character that the end cuts in two. */
export function wholeCharacters(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(4, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

/** @throws UserError for an encoding that has no such name */
export function decoderOf(encoding: Encoding): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(encoding);
  } catch (error) {
    throw new UserError(
      `There is no encoding ‘${encoding}’.`,
      'Give one such as utf-8, windows-1252, utf-16le, shift_jis, gbk or koi8-r.',
      { cause: error },
    );
  }
}

/** Whether DuckDB reads it as it is. */
export function isPlain(encoding: Encoding): boolean {
  return decoderOf(encoding).encoding === UTF_8;
}
