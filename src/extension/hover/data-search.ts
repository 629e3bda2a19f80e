/** How the search of VS Code is asked for a value of the data, and for one file. */

import { escapeRegExp } from '../../protocol/text/escape.ts';

/** A code unit as JSON of ASCII writes it; its hexadecimal digits are large or small. */
function escapedUnit(unit: string): string {
  const hex = unit.charCodeAt(0).toString(16).padStart(4, '0');
  return `\\\\u${hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)}`;
}

function lineBreaks(pattern: string): string {
  return pattern.replace(/\r?\n|\r/g, '\\r?\\n');
}

/** Only beside these all engines see the edge of a word: that of open documents takes no other for a letter. */
const ASCII_WORD = /^\w$/;

/** A regular expression that finds a value as it is, with its quotes doubled, and as JSON writes it; no longer value that holds it. */
export function patternOf(value: string): string {
  const json = escapeRegExp(JSON.stringify(value).slice(1, -1));
  const forms = [
    lineBreaks(escapeRegExp(value)),
    lineBreaks(escapeRegExp(value.replaceAll('"', '""'))),
    json,
    json.replace(/[\u0080-\uffff]/g, escapedUnit),
  ];
  const [start, end] = [value.charAt(0), value.slice(-1)].map((letter) =>
    ASCII_WORD.test(letter) ? '\\b' : '',
  );
  return [...new Set(forms)].map((form) => `${start}${form}${end}`).join('|');
}

/** A pattern of the one file, as *files to include* takes it. @param relative to the workspace, or absolute */
export function includeOf(relative: string): string {
  // Within braces no form of the search's patterns escapes them: any one character stands for each.
  const pattern = relative.replace(/[[\]*?,]/g, '[$&]').replace(/[{}]/g, '?');
  return /^(?:[/\\]|[a-z]:)/i.test(relative) ? pattern : `./${pattern}`;
}
