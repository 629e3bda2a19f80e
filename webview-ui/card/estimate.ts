/** How an estimate stands in a table: the value, and its interval small beneath. */
import type { Estimate } from '../../src/protocol/report.ts';
import { h } from '../shared/element.ts';
import { interval, plural, rate } from '../shared/format.ts';

/** @param best marks the best of its column by weight and a sign, and in words for those who see neither */
export function estimateCell(estimate: Estimate | undefined, best = false): HTMLElement {
  if (estimate === undefined) return h('span', { class: 'muted' }, '–');
  const title = `95 % interval from ${plural(estimate.n, 'query', 'queries')}`;
  return h(
    'span',
    { class: best ? 'estimate best' : 'estimate', title },
    h(
      'span',
      { class: 'value' },
      best && h('span', { class: 'best-mark', 'aria-hidden': 'true' }, '◆'),
      rate(estimate.value),
      best && h('span', { class: 'hidden-text' }, ' (best)'),
    ),
    h('span', { class: 'interval' }, interval(estimate.low, estimate.high)),
  );
}
