/** Names that stand in a line without quotes. */
import { ITEM_SEPARATOR } from '../../../protocol/dataset-spec.ts';
import type { Candidate, PointedText, Reader } from './candidate.ts';
import { isNumber } from './other-value.ts';

/** Places on each side where a name may begin or end. */
const TRIED = 28;
/** Those before a name's first word, where the pointer is known to stand there. */
const MARKS_TRIED = 4;
const REACH = 300;
const WORD = /[\p{L}\p{N}]/u;

export const readSpans: Reader = (pointed) => {
  const { text, offset, columns } = pointed;
  const from = text.lastIndexOf('\n', Math.max(0, offset - 1)) + 1;
  const newline = text.indexOf('\n', offset);
  const to = newline < 0 ? text.length : newline;
  if (from > offset) return [];
  const line = { from: Math.max(from, offset - REACH), to: Math.min(to, offset + REACH) };
  const isJoined = columns.length > 1;
  if (isJoined && !text.slice(line.from, line.to).includes(ITEM_SEPARATOR)) return [];
  return spansAround(pointed, line).flatMap((span) => {
    const name = text.slice(span.from, span.to);
    if (isJoined ? !name.includes(ITEM_SEPARATOR) : !looksLikeId(name, isAlone(text, span, { from, to })))
      return [];
    return [{ ...span, name, isMeant: false, mayFold: isJoined }];
  });
};

/** Spans that hold the pointer, within a part of the text, and begin and end where words do. */
export function spansAround(
  { text, offset, isAtFirstWord = false }: PointedText,
  within: { readonly from: number; readonly to: number },
): Pick<Candidate, 'from' | 'to'>[] {
  const starts: number[] = [];
  const startsTried = isAtFirstWord ? MARKS_TRIED : TRIED;
  for (let at = offset; at >= within.from && starts.length < startsTried; at--)
    if (at === within.from || isBorder(text, at)) starts.push(at);
  const ends: number[] = [];
  for (let at = offset; at <= within.to && ends.length < TRIED; at++)
    if (at === within.to || isBorder(text, at)) ends.push(at);
  return starts.flatMap((from) => ends.filter((to) => to > from).map((to) => ({ from, to })));
}

/** Between a letter and none, or two marks: not within a word. */
function isBorder(text: string, at: number): boolean {
  const [left, right] = [text[at - 1] ?? ' ', text[at] ?? ' '];
  return !(isWord(left) && isWord(right)) && !(left === ' ' && right === ' ');
}

function isWord(letter: string): boolean {
  const code = letter.charCodeAt(0);
  if (code < 128)
    return (
      (code >= 0x61 && code <= 0x7a) ||
      (code >= 0x41 && code <= 0x5a) ||
      (code >= 0x30 && code <= 0x39) ||
      code === 0x5f
    );
  return WORD.test(letter) || (code >= 0xd800 && code <= 0xdfff);
}

/** A word of letters alone, and a number, are words of the language before they are an item, unless a line holds nothing else. */
function looksLikeId(name: string, isAlone: boolean): boolean {
  if (isNumber(name)) return false;
  if (isAlone) return true;
  if (/^\p{Ll}+$/u.test(name) || /^\p{L}+$/u.test(name)) return false;
  return true;
}

/** A mark of a list, with the blanks around it. */
const MARK_LETTERS = 20;

function isAlone(
  text: string,
  span: Pick<Candidate, 'from' | 'to'>,
  line: Pick<Candidate, 'from' | 'to'>,
): boolean {
  if (span.from - line.from > MARK_LETTERS || line.to - span.to > MARK_LETTERS) return false;
  const rest = text.slice(line.from, span.from) + text.slice(span.to, line.to);
  return /^\s*(?:[-*•]|\d+[.)])?\s*$/.test(rest);
}
