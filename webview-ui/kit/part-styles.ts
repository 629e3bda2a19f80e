/** How parts of scores are told apart: by colour and by pattern, so that either alone will do. */
import { h } from './element.ts';
import type { Child, Drawn } from './element.ts';

const SIZE = 8;

type Pattern = (ink: string) => readonly Child[];

const line = (d: string, ink: string): Drawn =>
  h('path', { d, stroke: ink, 'stroke-width': 1.6, fill: 'none' });
const PATTERNS: readonly Pattern[] = [
  () => [],
  (ink) => [line('M-2 2L2-2M0 8L8 0M6 10L10 6', ink)],
  (ink) => [h('circle', { cx: 4, cy: 4, r: 1.7, fill: ink })],
  (ink) => [line('M2 0V8M6 0V8', ink)],
  (ink) => [line('M-2 6L2 10M0 0L8 8M6-2L10 2', ink)],
  (ink) => [line('M0 2H8M0 6H8', ink)],
  (ink) => [line('M0 4H8M4 0V8', ink)],
  (ink) => [line('M0 0L8 8M8 0L0 8', ink)],
];
const COLOURS = 6;

/** The paint of a group by its place; those beyond the eighth look like earlier ones. */
export function paintOf(group: number): string {
  return `url(#part-${group % PATTERNS.length})`;
}

/** The paints themselves; they stand on the page once. */
export function partPaints(): Drawn {
  const patterns = PATTERNS.map((pattern, at) =>
    h(
      'pattern',
      { id: `part-${at}`, width: SIZE, height: SIZE, patternUnits: 'userSpaceOnUse' },
      h('rect', { width: SIZE, height: SIZE, fill: `var(--series-${(at % COLOURS) + 1})` }),
      ...pattern('var(--background)'),
    ),
  );
  return h('svg', { class: 'part-paints', 'aria-hidden': 'true' }, h('defs', {}, ...patterns));
}

/** A small field painted as the group's parts are. */
export function partSample(group: number): Drawn {
  return h(
    'svg',
    { class: 'part-sample', viewBox: '0 0 16 12', 'aria-hidden': 'true' },
    h('rect', { width: 16, height: 12, fill: paintOf(group) }),
  );
}
