/** How an estimate stands in a table: the value, and its interval small beneath. */
import { tooFew, type Estimate } from '../../../src/protocol/report.ts';
import { h } from '../../kit/element.ts';
import type { Drawn } from '../../kit/element.ts';
import { count, interval, plural, rate } from '../../kit/format.ts';

/** What an interval rests on: "95 % interval from 1,234 queries of 26 sequences or users". */
function groundOf({ n, clusters }: Estimate): string {
  const of = clusters === undefined ? '' : ` of ${count(clusters)} independent sequences or users`;
  return `95 % interval from ${plural(n, 'query', 'queries')}${of}`;
}

/** @param best marks the best of its column by weight and a sign, and in words for those who see neither */
export function estimateCell(estimate: Estimate | undefined, best = false): Drawn {
  if (estimate === undefined) return h('span', { class: 'muted' }, '–');
  const shown = tooFew(estimate) ? 'too few to tell' : interval(estimate.low, estimate.high);
  return h(
    'span',
    { class: best ? 'estimate best' : 'estimate', title: groundOf(estimate) },
    h(
      'span',
      { class: 'value' },
      best && h('span', { class: 'best-mark', 'aria-hidden': 'true' }, '◆'),
      rate(estimate.value),
      best && h('span', { class: 'hidden-text' }, ' (best)'),
    ),
    h('span', { class: 'interval' }, shown),
  );
}

/** As it is plotted: an interval that says nothing is left out. */
export function asPlotted(estimate: Estimate): Estimate {
  const { value } = estimate;
  return tooFew(estimate) ? { ...estimate, low: value, high: value } : estimate;
}
