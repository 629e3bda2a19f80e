/** Parts of a score as one bar: those that lift it to the right of zero, those that lower it to the left. */
import { h } from './element.ts';
import type { Drawn } from './element.ts';
import { cut, significant } from './format.ts';
import { paintOf } from './part-styles.ts';

/** Parts of the width, in per cent, below which nothing is drawn. */
const LEAST = 0.1;

/** The range that all bars of a list share. */
export interface PartScale {
  readonly low: number;
  readonly high: number;
}

export function scaleOf(rows: readonly (readonly number[])[]): PartScale {
  const sum = (parts: readonly number[], sign: number): number =>
    parts.reduce((total, part) => total + (part * sign > 0 ? part : 0), 0);
  const low = Math.min(0, ...rows.map((parts) => sum(parts, -1)));
  const high = Math.max(0, ...rows.map((parts) => sum(parts, 1)));
  return high - low < 1e-9 ? { low: 0, high: 1 } : { low, high };
}

export function signedPart(part: number): string {
  const text = significant(part, 2);
  return part > 0 ? `+${text}` : text;
}

export function partBar(
  groups: readonly string[],
  parts: readonly number[],
  { low, high }: PartScale,
): Drawn {
  const x = (value: number): number => ((value - low) / (high - low)) * 100;
  const across = (value: number): string => `${value.toFixed(3)}%`;
  const ends = { left: 0, right: 0 };
  const segments = parts.flatMap((part, group): Drawn[] => {
    const from = part < 0 ? ends.left + part : ends.right;
    if (part < 0) ends.left += part;
    else ends.right += part;
    const width = x(from + Math.abs(part)) - x(from);
    if (width < LEAST) return [];
    const title = `${cut(groups[group] ?? '', 60)} ${signedPart(part)}`;
    return [
      h(
        'rect',
        { x: across(x(from)), y: 2, width: across(width), height: 14, fill: paintOf(group) },
        h('title', {}, title),
      ),
    ];
  });
  return h(
    'svg',
    // Without a view box: patterns are not stretched, whatever the width.
    { class: 'part-bar', role: 'img', 'aria-label': partsText(groups, parts) },
    ...segments,
    h('line', { x1: across(x(0)), x2: across(x(0)), y1: 0, y2: 18, class: 'zero' }),
  );
}

/** The parts in words, the largest first. */
function partsText(groups: readonly string[], parts: readonly number[]): string {
  const order = groups.map((group, at) => ({ group, part: parts[at] ?? 0 }));
  order.sort((a, b) => Math.abs(b.part) - Math.abs(a.part));
  return order.map(({ group, part }) => `${cut(group, 60)} ${signedPart(part)}`).join(', ');
}
