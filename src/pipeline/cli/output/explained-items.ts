import type { RecommendedItem } from '../../../protocol/engine.ts';
import { factWords } from '../../../protocol/text/fact-words.ts';
import { significant } from '../../../protocol/text/number-form.ts';
import { plainText } from '../../terminal/format.ts';
import { paint } from '../../terminal/terminal.ts';
import { scoredItems } from './scored-items.ts';

/** Parts of a score that are told, the largest. */
const TOLD_PARTS = 4;
const LEAST_PART = 0.005;
const INDENT = '    ';

/** A table of items by rank, each with why it is there below, where that is told. */
export function explainedItems(items: readonly RecommendedItem[]): string {
  const [heading = '', ...lines] = scoredItems(items).split('\n');
  return [heading, ...lines.flatMap((line, i) => [line, ...reasons(items[i])])].join('\n');
}

function reasons(item: RecommendedItem | undefined): string[] {
  const facts = (item?.facts ?? []).map((fact) => factWords(fact)).join(' · ');
  const parts = partsText(item?.parts ?? {});
  return [facts, parts].filter((text) => text !== '').map((text) => paint.dim(INDENT + plainText(text)));
}

function partsText(parts: Readonly<Record<string, number>>): string {
  return Object.entries(parts)
    .filter(([, part]) => Math.abs(part) >= LEAST_PART)
    .sort(([, a], [, b]) => Math.abs(b) - Math.abs(a))
    .slice(0, TOLD_PARTS)
    .map(([group, part]) => `${group} ${part > 0 ? '+' : ''}${significant(part, 2)}`)
    .join(', ');
}
