/**
 * Names in data are hostile: each place that shows text has its own syntax, and each function here takes one of them away.
 */

/** For Markdown: every character that means something there is escaped, and a text stays on one line. */
export function escapeMarkdown(text: string): string {
  return oneLine(text).replace(/[!-/:-@[-`{-~]/g, '\\$&');
}

/** For labels in which `$(name)` draws an icon (quick picks, the status bar). */
export function escapeIcons(text: string): string {
  return oneLine(text).replace(/\$\(/g, '\\$(');
}

/** For notifications, which make links of `[text](command:…)`. */
export function escapeLinks(text: string): string {
  return oneLine(text).replace(/\]\(/g, ']\u2060(');
}

/** For a regular expression, be it of ripgrep or of JavaScript. */
export function escapeRegExp(text: string): string {
  return text.replace(/[\\{}*+?|^$.[\]()]/g, '\\$&');
}

/** For HTML, in text and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Control characters, line and paragraph separators, and marks that turn the direction of writing. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

/** What is not printable becomes a space; very long texts are cut. */
export function oneLine(text: string, limit = 500): string {
  const line = text.replace(UNPRINTABLE, ' ').trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`;
}
