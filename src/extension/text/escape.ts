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

/** For HTML, in text and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Line breaks and other control characters become spaces; very long texts are cut. */
export function oneLine(text: string, limit = 500): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is meant
  const line = text
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`;
}
