/** `"artist|||track"` between quotes of any kind, escaped or doubled as the language has it, also within another string. */
import { ITEM_SEPARATOR } from '../../../protocol/dataset-spec.ts';
import type { Candidate, Reader } from './candidate.ts';
import { unescaped } from './unescape.ts';

const QUOTES = ['"', "'", '`', '“', '”', '«', '»'] as const;
const CLOSING: Readonly<Record<string, string>> = { '“': '”', '«': '»', '”': '“', '»': '«' };
/** A name may hold quotes itself: so many on each side are tried as the string's own. */
const TRIED = 5;
/** Letters to each side that are looked through. */
const REACH = 600;

export const readQuoted: Reader = ({ text, offset, columns }) =>
  QUOTES.flatMap((quote) => {
    const opens = before(text, offset, quote);
    const closes = after(text, offset, CLOSING[quote] ?? quote);
    return opens.flatMap((open) =>
      closes.flatMap((close) => (open < close ? forms(text, open, close, quote, columns.length) : [])),
    );
  });

/** The strings between the quotes of a kind that stand nearest. */
export const readNearestQuoted: Reader = ({ text, offset, columns }) =>
  QUOTES.flatMap((quote) => {
    const [open] = before(text, offset, quote, 1);
    const [close] = after(text, offset, CLOSING[quote] ?? quote, 1);
    if (open === undefined || close === undefined || open >= close) return [];
    return forms(text, open, close, quote, columns.length);
  });

function before(text: string, offset: number, quote: string, tried = TRIED): number[] {
  const places: number[] = [];
  for (let at = text.lastIndexOf(quote, offset); at >= 0 && offset - at <= REACH && places.length < tried;) {
    places.push(at + 1);
    at = at === 0 ? -1 : text.lastIndexOf(quote, at - 1);
  }
  return places;
}

function after(text: string, offset: number, quote: string, tried = TRIED): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(quote, offset); at >= 0 && at - offset <= REACH && places.length < tried;) {
    places.push(at);
    at = text.indexOf(quote, at + 1);
  }
  return places;
}

/** What the string may stand for. Of a string within a string the quote's own backslashes are not its text. */
function forms(text: string, open: number, close: number, quote: string, columns: number): Candidate[] {
  let to = close;
  while (to > open && text[to - 1] === '\\' && isEscaped(text, open - 1)) to--;
  const raw = text.slice(open, to);
  if (raw === '') return [];
  const once = unescaped(raw);
  const names = new Set([raw, once, unescaped(once), raw.replaceAll(quote + quote, quote)]);
  // What has as many columns as an item and no quote inside is one string, and meant to be an item.
  const isMeant = columns > 1 && !raw.includes(quote) && raw.split(ITEM_SEPARATOR).length === columns;
  return [...names].map((name) => ({
    ...{ from: open, to, name, mayFold: true },
    isMeant: isMeant && name === once && !raw.includes('\n'),
  }));
}

function isEscaped(text: string, quoteAt: number): boolean {
  return text[quoteAt - 1] === '\\';
}
