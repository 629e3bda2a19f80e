/** Reads files that grow from where an earlier reading ended. */
import * as fs from 'node:fs';
import { unreadable } from './damaged-file.ts';

/** How far a file was read. */
export interface ReadPlace {
  /** Bytes. */
  readonly offset: number;
  /** Of the file that was read: another one of its name is read from its beginning. */
  readonly inode: number;
}

export interface ReadOn {
  readonly bytes: Buffer;
  /** Where `bytes` begin. */
  readonly place: ReadPlace;
  /** The file is another one than before, or was cut short: it is read from its beginning. */
  readonly restarted: boolean;
  /** Whether the file goes on after `bytes`. */
  readonly more: boolean;
}

const NEWLINE = 10;

/**
 * What a file holds after a place, at most so many bytes; nothing where there is no file.
 * @throws UserError when it cannot be read
 */
export function readOn(file: string, from: ReadPlace | undefined, most: number): ReadOn | undefined {
  let descriptor: number;
  try {
    descriptor = fs.openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(file, error);
  }
  try {
    const { size, ino: inode } = fs.fstatSync(descriptor);
    const restarted = from !== undefined && (from.inode !== inode || from.offset > size);
    const offset = from === undefined || restarted ? 0 : from.offset;
    const buffer = Buffer.alloc(Math.min(most, size - offset));
    const length = fs.readSync(descriptor, buffer, 0, buffer.length, offset);
    const bytes = buffer.subarray(0, length);
    return { bytes, place: { offset, inode }, restarted, more: offset + length < size };
  } catch (error) {
    throw unreadable(file, error);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** A line, and the place after it. */
export interface PlacedLine {
  readonly text: string;
  readonly end: number;
}

/**
 * The whole lines of what was read; the rest of a line that is still being written is left for later. A line that is
 * longer than what may be read at once is passed over, as one without text.
 */
export function linesOf({ bytes, place, more }: ReadOn): PlacedLine[] {
  const lines: PlacedLine[] = [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    lines.push({ text: bytes.toString('utf8', start, end), end: place.offset + end + 1 });
    start = end + 1;
  }
  if (lines.length === 0 && more) lines.push({ text: '', end: place.offset + bytes.length });
  return lines;
}

/** Text at the beginning of what was read. */
export interface WholeText {
  readonly text: string;
  /** Its bytes. */
  readonly length: number;
}

/**
 * The whole lines of what was read, as text; the rest of a line that is still being written is left for later. Of a
 * line that is longer than what may be read at once, its part.
 */
export function wholeLines({ bytes, more }: ReadOn): WholeText {
  const length = bytes.lastIndexOf(NEWLINE) + 1;
  if (length === 0 && more) return wholeText(bytes);
  return { text: bytes.toString('utf8', 0, length), length };
}

/** What was read as text, without a character at its end that is not whole. */
export function wholeText(bytes: Buffer): WholeText {
  // A character has at most four bytes; those after its first one begin with the bits 10.
  let first = bytes.length - 1;
  while (first > bytes.length - 4 && first > 0 && ((bytes[first] ?? 0) & 0xc0) === 0x80) first--;
  const lead = bytes[first] ?? 0;
  const needs = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  const cut = bytes.length > 0 && first + needs > bytes.length ? first : bytes.length;
  return { text: bytes.toString('utf8', 0, cut), length: cut };
}
