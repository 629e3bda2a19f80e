/** Whether a place in a line may mean an item: looked at in the window itself, since the pointer is mostly over other text. */
import { HEADER_LETTERS } from '../../protocol/header-letters.ts';
import { folded, wordsOfFolded } from '../../protocol/text/fold.ts';
import type { WordFilter } from '../../protocol/word-filter.ts';

/** What is known of the items, without asking the engine. */
export interface KnownWords {
  readonly words: WordFilter;
  /** The item's columns, as the data name them. */
  readonly columns: readonly string[];
}

export interface PointedLine {
  readonly line: string;
  readonly column: number;
  /** The first line of the document. */
  readonly header: string;
}

const REACH = 40;
const KEY_REACH = 160;
/** Signs such as ™ stand for letters, which names are found by. */
const WORD_PART = /[\p{L}\p{N}\p{M}\p{So}]/u;
const ESCAPES = /\\(?:u\{?[0-9a-f]{2,6}\}?|U[0-9a-f]{8}|x[0-9a-f]{2})/i;
const NON_ASCII_ESCAPES = /\\u\{?([0-9a-f]{2,6})\}?|\\x([0-9a-f]{2})|\\U([0-9a-f]{8})/gi;

/** A word under the pointer is one of theirs; or a column or a key says that an item is meant, known or not. */
export function mayMeanItem(pointed: PointedLine, { words, columns }: KnownWords): boolean {
  if (wordsUnder(pointed).some((word) => words.has(word))) return true;
  return isTable(pointed.header, columns) || hasKey(pointed, columns);
}

/** The word under the pointer, or the two beside it; where letters are written as escapes, all words near. */
function wordsUnder({ line, column }: PointedLine): string[] {
  const near = line.slice(Math.max(0, column - REACH), column + REACH);
  if (ESCAPES.test(near)) return wordsOfFolded(folded(readable(near)));
  const start = wordEdge(line, column, -1);
  const end = wordEdge(line, column, 1);
  if (end > start) return wordsWithSigns(line.slice(start, end));
  return [wordBeside(line, column, -1), wordBeside(line, column, 1)].flatMap(wordsWithSigns);
}

/** The nearest word in a direction, across what is no letter. */
function wordBeside(line: string, column: number, step: 1 | -1): string {
  let at = column;
  while (Math.abs(at - column) < REACH) {
    const letter = step === 1 ? letterFrom(line, at) : letterBefore(line, at);
    if (letter === '') return '';
    if (WORD_PART.test(letter)) {
      const end = wordEdge(line, at, step);
      return line.slice(Math.min(at, end), Math.max(at, end));
    }
    at += step * letter.length;
  }
  return '';
}

/** Signs may be letters of a name, or stand beside one. */
function wordsWithSigns(text: string): string[] {
  return [text, text.replace(/\p{So}/gu, ' ')].flatMap((one) => wordsOfFolded(folded(one)));
}

/** From a place to where its word ends, in a direction. */
function wordEdge(line: string, column: number, step: 1 | -1): number {
  let at = column;
  while (Math.abs(at - column) < 200) {
    const letter = step === 1 ? letterFrom(line, at) : letterBefore(line, at);
    if (letter === '' || !WORD_PART.test(letter)) return at;
    at += step * letter.length;
  }
  return at;
}

function letterFrom(line: string, at: number): string {
  return String.fromCodePoint(line.codePointAt(at) ?? 0x20).slice(0, at < line.length ? 2 : 0);
}

function letterBefore(line: string, at: number): string {
  if (at <= 0) return '';
  const isLow = at > 1 && /[\udc00-\udfff]/.test(line.charAt(at - 1));
  return isLow ? line.slice(at - 2, at) : line.charAt(at - 1);
}

function readable(text: string): string {
  return text.replace(NON_ASCII_ESCAPES, (_, four?: string, two?: string, eight?: string) => {
    const code = parseInt(four ?? two ?? eight ?? '20', 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
  });
}

/** The first line names all of the item's columns, between delimiters. */
function isTable(header: string, columns: readonly string[]): boolean {
  const names = header
    .slice(0, HEADER_LETTERS)
    .replace(/^\ufeff/, '')
    .split(/[,;\t|]/)
    .map((name) => folded(name.replace(/^\s*"(.*)"\s*$/, '$1')));
  return columns.length > 0 && columns.every((column) => names.includes(folded(column)));
}

/** A column's name stands near, as a key or what is compared. */
function hasKey({ line, column }: PointedLine, columns: readonly string[]): boolean {
  const near = line.slice(Math.max(0, column - KEY_REACH), column + KEY_REACH).toLowerCase();
  return columns.some((name) => {
    const at = near.indexOf(name.toLowerCase());
    return at >= 0 && /^s?[\\"'`\]]*\s*[:=]/.test(near.slice(at + name.length, at + name.length + 12));
  });
}
