/** The items of a selected text: a list of ids, a column, rows of a table, or any text that names some. */
import { HEADER_LETTERS } from '../../../protocol/header-letters.ts';
import type { PointedText } from './candidate.ts';
import { firstLine, tableShape } from './delimited.ts';
import { readListed, type Vocabulary } from './read-item.ts';

/** Parts of a text that are tried as all that they may be, and are no item: these take the most time. */
const FAILED_AT_MOST = 20_000;
const PART = /[^\s,;[\](){}"']+/g;
/** What is read around a part. */
const REACH = 4000;
/** Parts of a text in which no item is found, that are kept. */
const UNKNOWN_AT_MOST = 100;
/** Lines that are looked up between pauses. */
const LINES_AT_ONCE = 256;

export type ReadListOptions = Omit<PointedText, 'offset'>;

export interface ReadList {
  /** In the order of the text, as often as they stand there. */
  readonly codes: number[];
  /** What was written like an item and is none. */
  readonly unknown: string[];
  /** The text has more parts than are tried: its end was not read. */
  readonly isTruncated: boolean;
}

export function* readList(
  given: ReadListOptions,
  vocabulary: Vocabulary,
  failedAtMost = FAILED_AT_MOST,
): Generator<void, ReadList> {
  return (yield* wholeLines(given.text, vocabulary)) ?? (yield* partsOf(given, vocabulary, failedAtMost));
}

function* partsOf(
  given: ReadListOptions,
  vocabulary: Vocabulary,
  failedAtMost: number,
): Generator<void, ReadList> {
  const { text, columns } = given;
  const first = given.header ?? firstLine(text).slice(0, HEADER_LETTERS);
  const header = tableShape(first, columns) === undefined ? '' : first;
  const codes: number[] = [];
  const unknown = new Set<string>();
  let [after, failed] = [0, 0];
  for (const { index, 0: part } of text.matchAll(PART)) {
    // An item that was read has several parts.
    if (index < after) continue;
    if (failed >= failedAtMost) return { codes, unknown: [...unknown], isTruncated: true };
    yield;
    const start = Math.max(0, index - REACH);
    const near = text.slice(start, index + part.length + REACH);
    const pointed = { columns, header, text: near, offset: index - start, isAtFirstWord: true };
    const found = readListed(pointed, vocabulary);
    if (found === undefined || 'unknown' in found) failed++;
    if (found === undefined) continue;
    after = start + ('until' in found ? found.until : found.to);
    if ('code' in found) codes.push(found.code);
    else if ('unknown' in found && unknown.size < UNKNOWN_AT_MOST) unknown.add(found.unknown);
  }
  return { codes, unknown: [...unknown], isTruncated: false };
}

/** Text of which most lines are names, without any quotes: the others are unknown. */
function* wholeLines(text: string, vocabulary: Vocabulary): Generator<void, ReadList | undefined> {
  const lines = text
    .split(/\r?\n/)
    .map((line) =>
      line.trim().replace(/^["'](.*)["'],?$|,$/, (_, inside: string | undefined) => inside ?? ''),
    )
    .filter((line) => line !== '');
  const codes: number[] = [];
  const unknown = new Set<string>();
  for (const [i, line] of lines.entries()) {
    if (i % LINES_AT_ONCE === 0) yield;
    const code = vocabulary.code(line) ?? vocabulary.foldedCode(line);
    if (code !== undefined) codes.push(code);
    else unknown.add(line);
  }
  if (codes.length === 0 || 2 * codes.length < lines.length) return undefined;
  return { codes, unknown: [...unknown].slice(0, UNKNOWN_AT_MOST), isTruncated: false };
}
