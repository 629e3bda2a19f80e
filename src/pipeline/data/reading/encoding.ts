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

/** Characters of windows-1252 at 0x80 to 0x9F; five places are empty and stay control characters. */
const WINDOWS_CHARACTERS =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

/** What turns bytes into text, in stretches where asked. */
export interface TextDecoding {
  /** The encoding's own name. */
  readonly encoding: Encoding;
  decode(bytes?: Uint8Array, options?: { readonly stream?: boolean }): string;
}

/**
 * @param keepMark leaves a byte order mark in the text
 * @throws UserError for an encoding that has no such name
 */
export function decoderOf(encoding: Encoding, keepMark = false): TextDecoding {
  const decoder = textDecoder(encoding, keepMark);
  if (decoder.encoding !== WINDOWS_1252) return decoder;
  // Several versions of Node read it as ISO 8859-1 where a text is whole, and right where it comes in stretches.
  return {
    encoding: WINDOWS_1252,
    decode: (bytes, options) =>
      decoder
        .decode(bytes, options)
        .replace(/[\u0080-\u009f]/g, (letter) => WINDOWS_CHARACTERS.charAt(letter.charCodeAt(0) - 0x80)),
  };
}

function textDecoder(encoding: Encoding, ignoreBOM: boolean): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(encoding, { ignoreBOM });
  } catch (error) {
    throw new UserError(
      `There is no encoding ‘${encoding}’.`,
      'Give one such as utf-8, windows-1252, utf-16le, shift_jis, gbk or koi8-r.',
      { cause: error, remedy: 'specFile' },
    );
  }
}

/** Whether DuckDB reads it as it is. */
export function isPlain(encoding: Encoding): boolean {
  return decoderOf(encoding).encoding === UTF_8;
}
