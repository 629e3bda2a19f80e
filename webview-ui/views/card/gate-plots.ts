/** What a number of an item is worth as a number of the list changes: a small plot for each of the strongest gates. */
import type { StackSummary } from '../../../src/protocol/report.ts';
import { h } from '../../kit/element.ts';
import type { Child, Drawn } from '../../kit/element.ts';
import { cut, significant } from '../../kit/format.ts';
import { gateAxis } from './gate-axis.ts';
import type { GateAxis } from './gate-axis.ts';

const PLOTS = 6;
const [WIDTH, HEIGHT] = [200, 112];
const [LEFT, RIGHT, TOP, BOTTOM] = [6, 6, 20, 34];
/** Keeps figures readable where they cross a line. */
const HALO = { stroke: 'var(--background)', 'stroke-width': 3, 'paint-order': 'stroke' } as const;

/** A feature's weight over the range of one gate. */
interface Gated {
  readonly feature: string;
  readonly axis: GateAxis;
  /** Weights at the ends of the range. */
  readonly from: number;
  readonly to: number;
}

function strongestGates({ features, gates = [] }: StackSummary): Gated[] {
  const pairs = features.flatMap(({ name, weight, gates: own }) =>
    own.slice(0, 1).map((gate) => ({ name, weight, gate })),
  );
  pairs.sort((a, b) => Math.abs(b.gate.weight) - Math.abs(a.gate.weight));
  return pairs.slice(0, PLOTS).flatMap(({ name, weight, gate }): Gated[] => {
    const spread = gates.find((one) => one.name === gate.name);
    if (spread === undefined) return [];
    const axis = gateAxis(spread);
    const worth = (value: number): number => weight + (gate.weight * (value - spread.mean)) / spread.spread;
    return [{ feature: name, axis, from: worth(axis.low), to: worth(axis.high) }];
  });
}

/** Nothing where the weights go by no gate, or the report of an earlier version does not tell of gates. */
export function gatePlots(stack: StackSummary): Child {
  const gated = strongestGates(stack);
  if (gated.length === 0) return undefined;
  const ends = gated.flatMap(({ from, to }) => [from, to]);
  const scale = { low: Math.min(0, ...ends), high: Math.max(0, ...ends) };
  return h(
    'figure',
    { class: 'wide' },
    h('div', { class: 'gate-plots' }, ...gated.map((one) => gatePlot(one, scale))),
    h(
      'figcaption',
      {},
      'What a standard deviation of a feature is worth, in logits, over the range of its strongest gate: from two standard deviations of the gate below its mean to two above, as far as it can go. The thin line is zero; all plots have one scale.',
    ),
  );
}

interface Range {
  readonly low: number;
  readonly high: number;
}

function gatePlot({ feature, axis, from, to }: Gated, { low, high }: Range): Drawn {
  const y = (value: number): number =>
    HEIGHT - BOTTOM - ((value - low) / Math.max(1e-9, high - low)) * (HEIGHT - TOP - BOTTOM);
  const right = WIDTH - RIGHT;
  const [start, end] = [significant(from, 2), significant(to, 2)];
  const description = `${cut(feature, 80)} is worth ${start} where ${axis.label} is ${axis.write(axis.low)}, and ${end} where it is ${axis.write(axis.high)}.`;
  const text = (x: number, at: number, anchor: 'start' | 'end', shown: string, muted: boolean): Drawn =>
    h(
      'text',
      { x, y: at, 'text-anchor': anchor, fill: muted ? 'var(--muted)' : 'var(--foreground)', ...HALO },
      shown,
    );
  const beside = (value: number): number => (value < 0 ? y(value) + 15 : y(value) - 7);
  return h(
    'div',
    { class: 'gate-plot', role: 'img', 'aria-label': description },
    h('div', { class: 'gate-title', 'aria-hidden': 'true' }, h('bdi', {}, cut(feature, 70))),
    h(
      'svg',
      {
        class: 'plot',
        viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
        width: WIDTH,
        height: HEIGHT,
        'aria-hidden': 'true',
      },
      h('line', { x1: LEFT, x2: right, y1: y(0), y2: y(0), stroke: 'var(--line-strong)' }),
      h('line', {
        x1: LEFT,
        x2: right,
        y1: y(from),
        y2: y(to),
        stroke: 'var(--series-1)',
        'stroke-width': 2.5,
      }),
      h('circle', { cx: LEFT, cy: y(from), r: 3, fill: 'var(--series-1)' }),
      h('circle', { cx: right, cy: y(to), r: 3, fill: 'var(--series-1)' }),
      text(LEFT, beside(from), 'start', start, false),
      text(right, beside(to), 'end', end, false),
      text(LEFT, HEIGHT - 4, 'start', axis.write(axis.low), true),
      text(right, HEIGHT - 4, 'end', axis.write(axis.high), true),
    ),
    h('div', { class: 'gate-axis', 'aria-hidden': 'true' }, h('bdi', {}, cut(axis.label, 70))),
  );
}
