/** Objects whose keys are the item's columns: JSON, also escaped within a string, dictionaries, records, arguments by name. */
import { ITEM_SEPARATOR } from '../../../protocol/dataset-spec.ts';
import { escapeRegExp } from '../../../protocol/text/escape.ts';
import { folded } from '../../../protocol/text/fold.ts';
import type { Candidate, OtherValue, PointedText, Reading } from './candidate.ts';
import { isAkin } from './other-value.ts';
import { unescapedTimes } from './unescape.ts';

/** Brackets before the pointer that are tried as the object's own. */
const TRIED = 24;
const REACH = 6000;
const PAIRS_AT_MOST = 400;

interface Scalar {
  readonly from: number;
  readonly to: number;
  readonly value: string;
  readonly end: number;
  /** Quoted, or a number: not the name of a variable or a type. */
  readonly isLiteral: boolean;
}

/** A key with what stands at it: one value, or those of a list. */
interface Pair {
  readonly key: string;
  readonly values: readonly Scalar[];
  readonly isList: boolean;
}

/** The item of the object that the place is in. */
export function readKeyed({ text, offset, columns }: PointedText): Reading {
  const wanted = columns.map(folded);
  let other: OtherValue | undefined;
  let tried = 0;
  for (let at = openBefore(text, offset); at >= 0 && offset - at <= REACH && tried < TRIED; tried++) {
    const pairs = pairsFrom(text, at + 1, offset);
    const found = pairs === undefined ? undefined : itemOf(pairs, wanted, offset);
    if (found !== undefined) return { candidates: [found] };
    other ??= pairs === undefined ? undefined : otherOf(pairs, wanted, offset);
    at = openBefore(text, at - 1);
  }
  return { candidates: comparedNear(text, offset, columns), other };
}

function openBefore(text: string, at: number): number {
  return at < 0 ? -1 : Math.max(text.lastIndexOf('{', at), text.lastIndexOf('(', at));
}

/** The pairs of the item's columns. */
function ownPairs(pairs: readonly Pair[], wanted: readonly string[]): (Pair | undefined)[] {
  return wanted.map((column) =>
    pairs.find(({ key, isList }) => isKeyOf(key, column, isList && wanted.length === 1)),
  );
}

function pointedOf(values: readonly Scalar[], offset: number): Scalar | undefined {
  return values.find(({ from, to }) => from <= offset && offset <= to);
}

/** A list at another key may be one of items, unless the item has its own. */
function otherOf(pairs: readonly Pair[], wanted: readonly string[], offset: number): OtherValue | undefined {
  const own = ownPairs(pairs, wanted);
  const isBesideItem = !own.includes(undefined);
  for (const pair of pairs) {
    const pointed = own.includes(pair) ? undefined : pointedOf(pair.values, offset);
    if (pointed === undefined || (pair.isList && !isBesideItem)) continue;
    return { from: pointed.from, to: pointed.to, isBesideItem, isAkin: isAkin(pair.key, wanted) };
  }
  return undefined;
}

function itemOf(pairs: readonly Pair[], wanted: readonly string[], offset: number): Candidate | undefined {
  const own = ownPairs(pairs, wanted);
  const pointed = pointedOf(
    own.flatMap((pair) => pair?.values ?? []),
    offset,
  );
  if (pointed === undefined) return undefined;
  const values = own.map((pair) => (pair?.isList === true ? pointed : pair?.values[0]));
  const scalars = values.filter((value) => value !== undefined);
  if (scalars.length < wanted.length) return undefined;
  const name = scalars.map(({ value }) => value).join(ITEM_SEPARATOR);
  return { from: pointed.from, to: pointed.to, ...writtenBy(scalars), name, mayFold: true };
}

/** In code a word stands for something else: no item is meant, though one may be called so. */
function writtenBy(scalars: readonly Scalar[]): { until: number; isMeant: boolean } {
  const until = Math.max(...scalars.map(({ to }) => to));
  return { until, isMeant: scalars.every(({ isLiteral }) => isLiteral) };
}

/** A list's key may be the column in plural. */
function isKeyOf(key: string, column: string, mayBePlural: boolean): boolean {
  const plain = folded(key);
  return plain === column || (mayBePlural && plain === `${column}s`);
}

/**
 * The pairs of an object, from after its bracket; what is in brackets inside is passed over.
 * @returns undefined where it is none, or ends before the pointer
 */
function pairsFrom(text: string, start: number, offset: number): Pair[] | undefined {
  const pairs: Pair[] = [];
  let at = skipBlanks(text, start);
  while (at < text.length && pairs.length < PAIRS_AT_MOST && !isClosing(text[at])) {
    const key = scalarAt(text, at);
    if (key === undefined) return undefined;
    const colon = skipBlanks(text, key.end);
    const past = pastColon(text, colon);
    if (past === undefined) return undefined;
    const read = valueAt(text, skipBlanks(text, past));
    if (read === undefined) return undefined;
    pairs.push({ key: key.value, ...read });
    at = skipBlanks(text, read.end);
    if (text[at] === ',') at = skipBlanks(text, at + 1);
    else if (!isClosing(text[at]) && at < text.length) break;
  }
  return at >= offset ? pairs : undefined;
}

const isClosing = (letter: string | undefined): boolean => letter === '}' || letter === ')';

function pastColon(text: string, at: number): number | undefined {
  if (text.startsWith('=>', at)) return at + 2;
  return text[at] === ':' || text[at] === '=' ? at + 1 : undefined;
}

/** Line breaks of a string within a string are written out. */
function skipBlanks(text: string, from: number): number {
  let at = from;
  for (;;) {
    const letter = text[at];
    if (letter === ' ' || letter === '\n' || letter === '\t' || letter === '\r') at++;
    else if (letter === '\\' && /[nrt]/.test(text[at + 1] ?? '')) at += 2;
    else return at;
  }
}

type Value = Omit<Pair, 'key'> & { readonly end: number };

function valueAt(text: string, at: number): Value | undefined {
  if (text[at] === '[') return listAt(text, at);
  if (text[at] === '{' || text[at] === '(') {
    const end = closingOf(text, at);
    return end === undefined ? undefined : { values: [], isList: false, end: end + 1 };
  }
  const scalar = scalarAt(text, at);
  return scalar === undefined ? undefined : { values: [scalar], isList: false, end: scalar.end };
}

function listAt(text: string, open: number): Value | undefined {
  const values: Scalar[] = [];
  let at = skipBlanks(text, open + 1);
  while (at < text.length && text[at] !== ']') {
    const scalar = scalarAt(text, at);
    if (scalar === undefined) {
      const end = closingOf(text, open);
      return end === undefined ? undefined : { values, isList: true, end: end + 1 };
    }
    values.push(scalar);
    at = skipBlanks(text, scalar.end);
    if (text[at] === ',') at = skipBlanks(text, at + 1);
  }
  return { values, isList: true, end: Math.min(text.length, at + 1) };
}

const NUMBER = /^[+-]?\d[\d_.]*(?:e[+-]?\d+)?$/i;

/** A string, a number, or a word. */
function scalarAt(text: string, at: number): Scalar | undefined {
  const quote = /(\\*)(["'])/y;
  quote.lastIndex = at;
  const [open, escapes = '', mark = ''] = quote.exec(text) ?? [];
  if (open !== undefined) return stringAt(text, at + open.length, escapes, mark);
  const word = /[\p{L}\p{N}_$.+-]+/uy;
  word.lastIndex = at;
  const [value] = word.exec(text) ?? [];
  if (value === undefined) return undefined;
  const end = at + value.length;
  return { from: at, to: end, value, end, isLiteral: NUMBER.test(value) };
}

/** A string within strings ends at the quote with as many backslashes as its first one had. */
function stringAt(text: string, from: number, escapes: string, mark: string): Scalar | undefined {
  for (let at = text.indexOf(mark, from); at >= 0 && at - from <= REACH; at = text.indexOf(mark, at + 1)) {
    let backslashes = 0;
    while (at - backslashes > from && text[at - 1 - backslashes] === '\\') backslashes++;
    if (!isEndOf(backslashes, escapes.length)) continue;
    const to = at - escapes.length;
    const value = unescapedTimes(
      text.slice(from, to),
      escapes.length === 0 ? 1 : 1 + Math.ceil(escapes.length / 2),
    );
    return { from, to, value, end: at + 1, isLiteral: true };
  }
  return undefined;
}

function isEndOf(backslashes: number, escapes: number): boolean {
  return escapes === 0 ? backslashes % 2 === 0 : backslashes % (2 * escapes + 2) === escapes;
}

function closingOf(text: string, open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    const letter = text[at] ?? '';
    if ('[{('.includes(letter)) depth++;
    else if (']})'.includes(letter) && --depth === 0) return at;
    else if (letter === '"' || letter === "'" || letter === '\\') {
      at = (scalarAt(text, at)?.end ?? at + 1) - 1;
    }
  }
  return undefined;
}

/** Letters within which the columns of one comparison stand. */
const NEAR = 400;

/** `artist = 'x' AND track = 'y'`, as queries have it. */
function comparedNear(text: string, offset: number, columns: readonly string[]): Candidate[] {
  const part = { from: Math.max(0, offset - NEAR), to: Math.min(text.length, offset + NEAR) };
  const found = columns.map((column) => nearest(comparisons(text, part, column), offset));
  const pointed = found.find(
    (scalar) => scalar !== undefined && scalar.from <= offset && offset <= scalar.to,
  );
  const scalars = found.filter((scalar) => scalar !== undefined);
  if (pointed === undefined || scalars.length < columns.length) return [];
  const written = writtenBy(scalars);
  const span = { from: pointed.from, to: pointed.to, until: written.until };
  const joined = (valueOf: (scalar: Scalar) => string): string => scalars.map(valueOf).join(ITEM_SEPARATOR);
  const name = joined(({ value }) => value);
  // A backslash is a letter in SQL, and none in the languages that compare likewise.
  const literal = joined((scalar) => text.slice(scalar.from, scalar.to).replaceAll("''", "'"));
  return [
    { ...span, name, isMeant: written.isMeant, mayFold: true },
    ...(literal === name ? [] : [{ ...span, name: literal, isMeant: false, mayFold: true }]),
  ];
}

function comparisons(text: string, { from, to }: { from: number; to: number }, column: string): Scalar[] {
  const escaped = escapeRegExp(column);
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_])["'\`\\[]?${escaped}["'\`\\]]?\\s*={1,3}\\s*`, 'giu');
  return [...text.slice(from, to).matchAll(pattern)].flatMap((match) => {
    const at = from + match.index + match[0].length;
    const scalar = sqlString(text, at) ?? scalarAt(text, at);
    return scalar === undefined ? [] : [scalar];
  });
}

/** Quotes are doubled in SQL. */
function sqlString(text: string, at: number): Scalar | undefined {
  const pattern = /'((?:[^']|'')*)'/y;
  pattern.lastIndex = at;
  const [whole, inside] = pattern.exec(text) ?? [];
  if (whole === undefined || inside?.includes("''") !== true) return undefined;
  const end = at + whole.length;
  return { from: at + 1, to: end - 1, value: inside.replaceAll("''", "'"), end, isLiteral: true };
}

function nearest(scalars: readonly Scalar[], offset: number): Scalar | undefined {
  const distance = ({ from, to }: Scalar): number => Math.max(0, from - offset, offset - to);
  return [...scalars].sort((a, b) => distance(a) - distance(b))[0];
}
