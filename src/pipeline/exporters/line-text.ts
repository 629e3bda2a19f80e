/** Texts that stay on one line, and in one cell of a table whose cells are parted by tabs. */

/** Backslashes, and all that any reader takes for the end of a line or a cell, or that is not printed. */
const ESCAPED = /[\\\p{Cc}\p{Zl}\p{Zp}\ufeff]/gu;
const SHORT: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** What it says of itself, for whoever reads the file. */
export const LINES_STATED =
  'In names \\\\ stands for a backslash, \\t, \\n and \\r for a tab and line breaks, \\uXXXX for other control characters.';

export function lineOf(text: string): string {
  return text.replace(ESCAPED, (character) => SHORT[character] ?? byCode(character));
}

/**
 * The same for readers that strip lines and cells: blanks at either end are written by their codes, so that a first cell
 * does not vanish.
 */
export function cellOf(text: string): string {
  return lineOf(text).replace(/^\s+|\s+$/gu, (blanks) => blanks.replace(/./gsu, byCode));
}

function byCode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
