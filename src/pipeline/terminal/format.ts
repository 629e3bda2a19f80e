import { tooFew, type Estimate } from '../../protocol/report.ts';

/** A share as the field writes it: .0990 */
export function formatShare(value: number): string {
  return value.toFixed(4).replace(/^(-?)0\./, '$1.');
}

/** A figure, and beside it half the width of its interval: `.0990 ±.0123`. */
export function estimateText(estimate: Estimate): string {
  const { value, low, high } = estimate;
  return `${formatShare(value)} ${tooFew(estimate) ? '(too few)' : `±${formatShare((high - low) / 2)}`}`;
}

/**
 * Control and format characters, and separators of lines: with these data could move the cursor, colour the screen or
 * turn the direction of the text.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text for a terminal: characters that are not shown as themselves become escapes. */
export function plainText(text: string): string {
  return text.replace(
    UNSAFE,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** The same for text of several lines. */
export function plainLines(text: string): string {
  return text.split('\n').map(plainText).join('\n');
}

/** At most `width` characters, the end replaced by …. */
export function shorten(text: string, width: number): string {
  const characters = Array.from(text);
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}…`;
}
