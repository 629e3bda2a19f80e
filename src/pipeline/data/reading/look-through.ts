/** A look through all bytes of a text before anything is made of it. */
import { isAscii, isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { wholeCharacters } from './encoding.ts';
import { damagedGzip, unpacked } from './unpack.ts';
import type { Compression } from './unpack.ts';

/** What a look through all bytes of a text found. */
interface Findings {
  /** Number of the first line that is not UTF-8, from 1. */
  badLine?: number;
  /** Some line with characters beyond ASCII is UTF-8. */
  wide: boolean;
}

/** Looks through all bytes of a text. @throws UserError where it is packed, and cut off or damaged */
export async function lookThrough(
  file: string,
  compression: Compression,
  signal: AbortSignal | undefined,
): Promise<Findings> {
  const found: Findings = { wide: false };
  let line = 1;
  let rest: Buffer = Buffer.alloc(0);
  const look = (chunk: Buffer): void => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const complete = wholeCharacters(bytes);
    rest = bytes.subarray(complete.length);
    if (!isUtf8(complete)) noteLines(complete, line, found);
    else found.wide ||= !isAscii(complete);
    line += countLines(complete);
  };
  await passThrough(file, compression, look, signal);
  if (rest.length > 0) found.badLine ??= line;
  return found;
}

/** Hands all bytes of a file, unpacked, to `take`. @throws UserError where they cannot be unpacked to the end */
async function passThrough(
  file: string,
  compression: Compression,
  take: (chunk: Buffer) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const sink = new Writable({
    write: (chunk: Buffer, _, done) => {
      take(chunk);
      done();
    },
  });
  const source = createReadStream(file, { highWaterMark: 1 << 20 });
  try {
    await pipeline([source, ...unpacked(compression), sink], { ...(signal === undefined ? {} : { signal }) });
  } catch (error) {
    throw damagedGzip(file, error);
  }
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}

/** Looks at each line for itself, where some are not UTF-8. */
function noteLines(bytes: Buffer, first: number, found: Findings): void {
  let line = first;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(10, start);
    const stop = end === -1 ? bytes.length : end + 1;
    const own = bytes.subarray(start, stop);
    if (!isUtf8(own)) found.badLine ??= line;
    else found.wide ||= !isAscii(own);
    start = stop;
  }
}
