/** Text files as DuckDB can read them: UTF-8, in a file of its own where they lie in another encoding. */
import { createReadStream, createWriteStream } from 'node:fs';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../../../protocol/user-error.ts';
import type { TextSample } from './detect-dialect.ts';
import { decoderOf, encodingOf, isPlain, UTF_8, wholeCharacters, WINDOWS_1252 } from './encoding.ts';
import type { Encoding } from './encoding.ts';
import { lookThrough } from './look-through.ts';
import { peek } from './peek.ts';
import { unpacked } from './unpack.ts';
import type { Compression } from './unpack.ts';
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

/** Where copies go, and whether they are made of whole files or of their beginnings only. */
export interface Staging {
  readonly scratch: string;
  readonly whole: boolean;
}

export interface TextNeeds {
  /** As it was told; else as the bytes look. */
  readonly encoding?: Encoding;
  /** Who reads it takes no byte order mark. */
  readonly unmarked: boolean;
}

/**
 * Opens a text file. It is first looked through: whether a packed file is complete and undamaged, and whether all of it
 * is text in the encoding that its beginning has.
 * @throws UserError for what is cut off, damaged, or no text
 */
export async function openText(
  file: string,
  index: number,
  told: TextNeeds,
  staging: Staging,
  signal?: AbortSignal,
): Promise<TextFile | undefined> {
  const head = await peek(file);
  if (head.kind === 'empty') return undefined;
  if (head.kind !== 'text')
    throw new UserError(
      `${file} is ${head.kind === 'parquet' ? 'a' : 'an'} ${head.kind} file, and the others are text.`,
      'Give files of one format only.',
    );
  const given = told.encoding === undefined ? undefined : decoderOf(told.encoding).encoding;
  const seen = given ?? encodingOf(head.bytes, head.whole);
  const encoding = await checkedEncoding({ file, ...head, seen, given }, signal);
  const text = decoded(head.bytes, encoding, head.whole);
  const sample = { text: text.startsWith(MARK) ? text.slice(1) : text, whole: head.whole };
  if (isPlain(encoding) && !(told.unmarked && text.startsWith(MARK)))
    return { file, path: file, compression: head.compression, encoding, sample };
  const copy = path.join(staging.scratch, `text-${index}.txt`);
  if (staging.whole) await transcode(file, head.compression, encoding, copy, signal);
  else await fs.writeFile(copy, wholeLines(sample));
  return { file, path: copy, compression: 'uncompressed', encoding, sample };
}

const MARK = '\uFEFF';

function decoded(bytes: Buffer, encoding: Encoding, whole: boolean): string {
  const complete = whole || encoding !== UTF_8 ? bytes : wholeCharacters(bytes);
  return decoderOf(encoding, true).decode(complete, { stream: !whole });
}

function wholeLines({ text, whole }: TextSample): string {
  return whole ? text : text.slice(0, text.lastIndexOf('\n') + 1);
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

interface ToCheck {
  readonly file: string;
  readonly compression: Compression;
  /** By the beginning. */
  readonly seen: Encoding;
  /** By the person. */
  readonly given: Encoding | undefined;
}

/** The encoding of the whole text. @throws UserError where some lines are UTF-8 and others are not */
async function checkedEncoding(
  { file, compression, seen, given }: ToCheck,
  signal: AbortSignal | undefined,
): Promise<Encoding> {
  if (compression === 'zstd') await checkZstd(file);
  const open = seen === UTF_8 || (given === undefined && seen === WINDOWS_1252);
  // What unpacks zstd checks the text itself.
  if (compression === 'zstd' || (compression === 'uncompressed' && !open)) return seen;
  const { badLine, wide } = await lookThrough(file, compression, signal);
  if (!open) return seen;
  if (badLine === undefined) return UTF_8;
  if (!wide && given === undefined) return WINDOWS_1252;
  throw new UserError(
    `Line ${badLine.toLocaleString('en')} of ${file} is not UTF-8 text, though other parts of it are.`,
    'Correct that line, or say how all of it is written: --encoding windows-1252 reads every byte.',
  );
}
