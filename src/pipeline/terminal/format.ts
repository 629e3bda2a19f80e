export { plainLines, plainText } from '../../protocol/text/plain.ts';
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

/** At most `width` characters, the end replaced by …. */
export function shorten(text: string, width: number): string {
  const characters = Array.from(text);
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}…`;
}
