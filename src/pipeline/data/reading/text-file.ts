/** Text files as DuckDB can read them: UTF-8, in a file of its own where they lie in another encoding. */
import { isAscii, isUtf8 } from 'node:buffer';
import { createReadStream, createWriteStream } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { Transform, Writable } from 'node:stream';
import type { TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { UserError } from '../../../protocol/user-error.ts';
import { decoderOf, encodingOf, isPlain, UTF_8, wholeCharacters, WINDOWS_1252 } from './encoding.ts';
import type { Encoding } from './encoding.ts';
import type { TextSample } from './dialect.ts';
import { peek } from './peek.ts';
import type { Compression } from './peek.ts';
import { checkZstd } from './zstd-frames.ts';

export interface TextFile {
  /** As the person knows it. */
  readonly file: string;
  /** What DuckDB reads: the file itself, or a copy of it in UTF-8. */
  readonly path: string;
  readonly compression: Compression;
  readonly encoding: Encoding;
  readonly sample: TextSample;
}

/** Where copies go, and whether whole files are read or their beginnings only. */
export interface Staging {
  readonly scratch: string;
  readonly whole: boolean;
  readonly signal?: AbortSignal;
}

export interface TextNeeds {
  /** As it was told; else as the bytes look. */
  readonly encoding?: Encoding;
  /** Who reads it takes no byte order mark. */
  readonly unmarked: boolean;
}

/**
 * Opens a text file. Where the whole of it is to be read, it is first looked through: whether a packed file is complete
 * and undamaged, and whether all of it is text in the encoding that its beginning has.
 * @throws UserError for what is cut off, damaged, or no text
 */
export async function openText(
  file: string,
  index: number,
  told: TextNeeds,
  staging: Staging,
): Promise<TextFile | undefined> {
  const head = await peek(file);
  if (head.kind === 'empty') return undefined;
  const seen =
    told.encoding === undefined ? encodingOf(head.bytes, head.whole) : decoderOf(told.encoding).encoding;
  const encoding = staging.whole
    ? await checkedEncoding(file, head.compression, seen, told.encoding !== undefined, staging)
    : seen;
  const text = decoded(head.bytes, encoding, head.whole);
  const sample = { text: text.startsWith(MARK) ? text.slice(1) : text, whole: head.whole };
  if (isPlain(encoding) && !(told.unmarked && text.startsWith(MARK)))
    return { file, path: file, compression: head.compression, encoding, sample };
  const copy = path.join(staging.scratch, `text-${index}.txt`);
  if (staging.whole) await transcode(file, head.compression, encoding, copy, staging.signal);
  else await fs.writeFile(copy, wholeLines(sample));
  return { file, path: copy, compression: 'uncompressed', encoding, sample };
}

const MARK = '\uFEFF';

function decoded(bytes: Buffer, encoding: Encoding, whole: boolean): string {
  const complete = whole || encoding !== UTF_8 ? bytes : wholeCharacters(bytes);
  return new TextDecoder(encoding, { ignoreBOM: true }).decode(complete, { stream: !whole });
}

function wholeLines({ text, whole }: TextSample): string {
  return whole ? text : text.slice(0, text.lastIndexOf('\n') + 1);
}

/** Unpacks as a stream. */
function unpacked(compression: Compression): Transform[] {
  if (compression === 'gzip') return [createGunzip()];
  return compression === 'zstd' ? [new Unzstd()] : [];
}

class Unzstd extends Transform {
  readonly #decompress = new Decompress((part) => void this.push(part));

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      this.#decompress.push(chunk);
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

async function transcode(
  file: string,
  compression: Compression,
  encoding: Encoding,
  copy: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const decoder = decoderOf(encoding);
  const decoding = new Transform({
    transform: (chunk: Buffer, _, done) => done(null, decoder.decode(chunk, { stream: true })),
    flush: (done) => done(null, decoder.decode()),
  });
  await pipeline([createReadStream(file), ...unpacked(compression), decoding, createWriteStream(copy)], {
    signal,
  });
}

/** What a look through all bytes of a text found. */
interface Findings {
  /** Number of the first line that is not UTF-8, from 1. */
  badLine?: number;
  /** Some character beyond ASCII is written as UTF-8. */
  readonly wide: boolean;
}

async function checkedEncoding(
  file: string,
  compression: Compression,
  encoding: Encoding,
  told: boolean,
  staging: Staging,
): Promise<Encoding> {
  if (compression === 'uncompressed' && encoding !== UTF_8) return encoding;
  if (compression === 'zstd') await checkZstd(file);
  if (compression === 'zstd') return encoding;
  const { badLine, wide } = await lookThrough(file, compression, staging.signal);
  if (badLine === undefined || encoding !== UTF_8) return encoding;
  if (!wide && !told) return WINDOWS_1252;
  throw new UserError(
    `Line ${badLine} of ${file} is not UTF-8 text, though other parts of it are.`,
    'Correct that line, or say how all of it is written: --encoding windows-1252 reads every byte.',
  );
}

async function lookThrough(
  file: string,
  compression: Compression,
  signal: AbortSignal | undefined,
): Promise<Findings> {
  const found: { badLine?: number; wide: boolean } = { wide: false };
  let line = 1;
  let rest: Buffer = Buffer.alloc(0);
  const look = (chunk: Buffer): void => {
    if (found.badLine !== undefined) return;
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const complete = wholeCharacters(bytes);
    rest = bytes.subarray(complete.length);
    if (!isUtf8(complete)) found.badLine = line + lineOfBadByte(complete);
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
    throw damaged(file, error);
  }
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}

/** How many lines end before the first byte that is no UTF-8. */
function lineOfBadByte(bytes: Buffer): number {
  let lines = 0;
  for (let start = 0; start < bytes.length; lines++) {
    const end = bytes.indexOf(10, start);
    const stop = end === -1 ? bytes.length : end + 1;
    if (!isUtf8(bytes.subarray(start, stop))) return lines;
    start = stop;
  }
  return lines;
}

function damaged(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'Z_BUF_ERROR')
    return new UserError(
      `${file} is a truncated gzip file: its end is missing.`,
      'Copy or download it again; it was not written completely.',
    );
  if (typeof error.code === 'string' && error.code.startsWith('Z_'))
    return new UserError(
      `${file} is a damaged gzip file (${error.message}).`,
      'Copy or download it again; what it holds is not what was packed.',
    );
  return error;
}
