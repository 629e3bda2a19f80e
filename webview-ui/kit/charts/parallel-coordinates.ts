/** Many settings of many parameters at once: an axis for each parameter, a line for each setting, coloured by its figure. */
import type { TuningAxis } from '../../../src/protocol/tuning.ts';
import { h } from '../element.ts';
import type { Drawn } from '../element.ts';
import { cut, rate, significant } from '../format.ts';
import { placeOn } from './axis-place.ts';
import type { Value } from './axis-place.ts';
import type { Chart } from './charts.ts';
import { textWidth } from './plot.ts';

export interface Line {
  readonly name: string;
  readonly values: Readonly<Record<string, Value>>;
  /** The figure that colours it, and its place on the last axis. */
  readonly figure: number;
  /** 0 to 1: how far it was trained; lines that were trained less are thinner. */
  readonly share: number;
  readonly mark: 'best' | 'chosen' | 'none';
}

export interface ParallelCoordinates {
  readonly id: string;
  readonly axes: readonly TuningAxis[];
  readonly metric: string;
  readonly lines: readonly Line[];
}

const TOP = 50;
const BOTTOM = 26;
const SIDE = 34;
const HEIGHT = 310;
/** Lines of names that stand side by side without touching. */
const NAME_GAP = 10;

export function parallelCoordinates(plot: ParallelCoordinates): Chart {
  return {
    id: plot.id,
    description: describe(plot),
    shows: [plot.axes, plot.metric, plot.lines],
    draw: (width) => draw(width, plot),
  };
}

function describe({ axes, metric, lines }: ParallelCoordinates): string {
  const best = lines.find(({ mark }) => mark === 'best');
  const values = Object.entries(best?.values ?? {}).map(([name, value]) => `${name} ${textOf(value)}`);
  const what =
    best === undefined
      ? ''
      : ` The best, ${best.name}, ${metric} ${rate(best.figure)}: ${values.join(', ')}.`;
  return `Parallel coordinates of ${lines.length} settings of ${axes.map(({ name }) => name).join(', ')}, by ${metric}.${what} All figures are in the table of trials.`;
}

function textOf(value: Value): string {
  return typeof value === 'number' ? significant(value, 3) : String(value);
}

interface Frame {
  readonly width: number;
  readonly x: (index: number) => number;
  readonly y: (place: number) => number;
  readonly figures: { readonly low: number; readonly high: number };
}

function frameOf(width: number, { axes, lines }: ParallelCoordinates): Frame {
  const step = (width - 2 * SIDE) / Math.max(1, axes.length);
  const figures = lines.map(({ figure }) => figure);
  const [low, high] = [Math.min(...figures), Math.max(...figures)];
  const flat = high - low < 1e-9;
  return {
    width,
    x: (index) => SIDE + index * step,
    y: (place) => HEIGHT - BOTTOM - place * (HEIGHT - TOP - BOTTOM),
    figures: flat ? { low: low - 0.5, high: high + 0.5 } : { low, high },
  };
}

function draw(width: number, plot: ParallelCoordinates): Drawn {
  const frame = frameOf(width, plot);
  const staggered = isStaggered(frame, plot);
  const order = { none: 0, chosen: 1, best: 2 } as const;
  const inOrder = [...plot.lines].sort((a, b) => order[a.mark] - order[b.mark] || a.figure - b.figure);
  return h(
    'svg',
    {
      class: 'plot parallel',
      viewBox: `0 0 ${width} ${HEIGHT}`,
      width,
      height: HEIGHT,
      'aria-hidden': 'true',
    },
    ...Array.from({ length: plot.axes.length + 1 }, (_, index) => rule(frame.x(index), frame)),
    ...inOrder.flatMap((line) => lineOf(line, plot, frame)),
    ...plot.axes.map((axis, index) => axisOf(axis, index, frame, staggered)),
    figureAxis(plot, frame, staggered),
  );
}

/** Names that would touch stand on two levels in turn. */
function isStaggered(frame: Frame, { axes }: ParallelCoordinates): boolean {
  const widest = Math.max(...axes.map(({ name }) => textWidth(name)));
  return widest + NAME_GAP > frame.x(1) - frame.x(0);
}

function label(
  x: number,
  y: number,
  text: string,
  anchor: 'start' | 'middle' | 'end',
  muted: boolean,
): Drawn {
  const fill = muted ? 'var(--muted)' : 'var(--foreground)';
  const halo = { stroke: 'var(--background)', 'stroke-width': 3, 'paint-order': 'stroke' };
  return h('text', { x, y, 'text-anchor': anchor, fill, ...halo }, cut(text, 24));
}

function rule(x: number, frame: Frame): Drawn {
  return h('line', { x1: x, x2: x, y1: frame.y(0), y2: frame.y(1), stroke: 'var(--line-strong)' });
}

/** Names at the edges stay inside. */
function anchorAt(index: number): 'start' | 'middle' {
  return index === 0 ? 'start' : 'middle';
}

/** Height of an axis's name. */
function levelOf(index: number, staggered: boolean): number {
  return staggered && index % 2 === 1 ? 12 : 27;
}

function axisOf(axis: TuningAxis, index: number, frame: Frame, staggered: boolean): Drawn {
  const x = frame.x(index);
  const left = index === 0 ? x - SIDE + 2 : x;
  const name = label(left, levelOf(index, staggered), axis.name, anchorAt(index), false);
  const ends =
    axis.type === 'choice'
      ? axis.values.map((value, i) => {
          const place = (i + 0.5) / axis.values.length;
          return label(x + 6, frame.y(place) + 4, textOf(value), 'start', true);
        })
      : [
          label(left, frame.y(0) + 15, significant(axis.low, 3), anchorAt(index), true),
          label(left, frame.y(1) - 4, significant(axis.high, 3), anchorAt(index), true),
        ];
  const titled = axis.type === 'range' && axis.log ? `${axis.name}, logarithmic` : axis.name;
  return h('g', {}, h('title', {}, titled), name, ...ends);
}

/** The last axis: the figure itself. */
function figureAxis({ axes, metric }: ParallelCoordinates, frame: Frame, staggered: boolean): Drawn {
  const edge = frame.width - 2;
  return h(
    'g',
    {},
    label(edge, levelOf(axes.length, staggered), metric, 'end', false),
    label(edge, frame.y(0) + 15, rate(frame.figures.low), 'end', true),
    label(edge, frame.y(1) - 4, rate(frame.figures.high), 'end', true),
  );
}

interface Look {
  readonly stroke: string;
  readonly width: number;
  readonly opacity: number;
}

/** From the colour of the paper to that of the accent, by how good the figure is. */
function lookOf({ mark, share }: Line, good: number): Look {
  if (mark === 'best') return { stroke: 'var(--series-2)', width: 3.5, opacity: 1 };
  if (mark === 'chosen') return { stroke: 'var(--foreground)', width: 3, opacity: 1 };
  const percent = Math.round(15 + 85 * good);
  return {
    stroke: `color-mix(in srgb, var(--accent) ${percent}%, var(--series-fill))`,
    width: share >= 1 ? 2 : share > 0.2 ? 1.4 : 1,
    opacity: 0.3 + 0.6 * good,
  };
}

function lineOf(line: Line, { axes, metric }: ParallelCoordinates, frame: Frame): Drawn[] {
  const { low, high } = frame.figures;
  const good = (line.figure - low) / (high - low);
  const points = axes.flatMap((axis, index) => {
    const place = placeOn(axis, line.values[axis.name]);
    return place === undefined ? [] : [{ x: frame.x(index), y: frame.y(place) }];
  });
  points.push({ x: frame.x(axes.length), y: frame.y(good) });
  const { stroke, width, opacity } = lookOf(line, good);
  const title = `${line.name}: ${metric} ${rate(line.figure)}\n${Object.entries(line.values)
    .map(([name, value]) => `${name} ${textOf(value)}`)
    .join('\n')}`;
  const path = h(
    'polyline',
    {
      points: points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' '),
      fill: 'none',
      stroke,
      'stroke-width': width,
      'stroke-opacity': opacity,
      'stroke-linejoin': 'round',
    },
    h('title', {}, title),
  );
  if (line.mark === 'none') return [path];
  return [path, ...points.map(({ x, y }) => h('circle', { cx: x, cy: y, r: 4, fill: stroke }))];
}
