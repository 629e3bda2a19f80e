/** Names of items as words of word2vec's formats, in which a blank ends a word and a line break ends a row. */
import type { ItemNames } from '../model/item-names.ts';

/** All that any reader takes for white space, what is not printed, and the mark itself. */
const ESCAPED = /[\s\p{Z}\p{Cc}\p{Cf}%]/gu;

/** What it says of itself, for whoever reads the file. */
export const WORDS_STATED =
  'Names are percent-encoded where they hold white space, characters that are not printed, or %: decodeURIComponent(word), or urllib.parse.unquote(word) in Python, gives the name back.';

/** A name without blanks, from which `decodeURIComponent` gives it back. */
export function wordOf(name: string): string {
  return name.replace(ESCAPED, percentEncoded);
}

function percentEncoded(character: string): string {
  const bytes = [...Buffer.from(character)];
  return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

/** Rows that are written: of those of one name the first, since a word stands for one vector. */
export interface WordRows {
  readonly rows: Int32Array;
  readonly notes: readonly string[];
}

/** @param items codes of the rows */
export function wordRows(names: ItemNames, items: Int32Array): WordRows {
  // Few names, if any, are of several items.
  const shared = new Map<string, boolean>();
  for (const item of items) if (names.code(names.name(item)) !== item) shared.set(names.name(item), false);
  const rows = Int32Array.from(items.keys()).filter((row) => {
    const name = names.name(items[row] ?? -1);
    const isRepeated = shared.get(name) === true;
    if (shared.has(name)) shared.set(name, true);
    return !isRepeated;
  });
  const left = items.length - rows.length;
  if (left === 0) return { rows, notes: [] };
  const which =
    left === 1
      ? '1 row has the name of an earlier one and was'
      : `${left} rows have the names of earlier ones and were`;
  return { rows, notes: [`${which} left out, as a word has one vector. The other formats have all rows.`] };
}
