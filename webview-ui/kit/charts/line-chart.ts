/** Curves over training, told apart by colour and by dashes; the table beside the chart is its legend. */
import { axisX, axisY, dot, gridY, line } from '@observablehq/plot';
import { h } from '../element.ts';
import type { Drawn } from '../element.ts';
import { significant } from '../format.ts';
import type { Chart } from './charts.ts';
import { drawPlot } from './plot.ts';

export interface Curve {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Which line it is drawn with, as `lineSample` shows it. */
  readonly style: number;
}

export interface LineChart {
  readonly id: string;
  readonly x: string;
  readonly y: string;
  readonly curves: readonly Curve[];
  readonly log: boolean;
  /** How values are written; with three significant digits unless given. */
  readonly write?: { readonly x: (value: number) => string; readonly y: (value: number) => string };
  /** Where the x axis is to end, when that is known before the curves are there. */
  readonly end: number | undefined;
}

const STYLES = [
  { colour: 'var(--series-1)', dash: 'none' },
  { colour: 'var(--series-2)', dash: '6 3' },
  { colour: 'var(--series-3)', dash: '2 3' },
  { colour: 'var(--series-4)', dash: '9 3 2 3' },
  { colour: 'var(--series-5)', dash: '4 2' },
  { colour: 'var(--series-6)', dash: '1 2' },
] as const;
const MAX_POINTS = 400;
const written = (value: number): string => significant(value, 3);
const PLAIN = { x: written, y: written };

function styleOf(index: number): { colour: string; dash: string } {
  return STYLES[index % STYLES.length] ?? STYLES[0];
}

/** A short piece of the curve's line, as drawn in the chart. */
export function lineSample(index: number): Drawn {
  const { colour, dash } = styleOf(index);
  const stroke = { stroke: colour, 'stroke-dasharray': dash, 'stroke-width': 2 };
  return h(
    'svg',
    { class: 'line-sample', viewBox: '0 0 28 8', 'aria-hidden': 'true' },
    h('line', { x1: 0, x2: 28, y1: 4, y2: 4, ...stroke }),
  );
}

export function lineChart(chart: LineChart): Chart {
  const curves = chart.curves.map((curve) => ({ ...curve, points: thin(curve.points) }));
  return {
    id: chart.id,
    description: describe(chart),
    shows: [chart.x, chart.y, chart.log, chart.end, curves],
    draw: (width) => draw(width, { ...chart, curves }),
  };
}

function describe({ x, y, curves, write = PLAIN }: LineChart): string {
  const parts = curves.map(({ name, points }) => {
    const first = points[0];
    const last = points.at(-1);
    if (first === undefined || last === undefined) return `${name}: nothing yet`;
    return `${name} from ${write.y(first.y)} to ${write.y(last.y)} at ${x} ${write.x(last.x)}`;
  });
  return `Curves of ${y} by ${x}: ${parts.join('; ')}.`;
}

/** At most `MAX_POINTS` of the points, the last one always among them. */
function thin<T>(points: readonly T[]): T[] {
  const step = Math.ceil(points.length / MAX_POINTS);
  return points.filter((_, index) => index % step === 0 || index === points.length - 1);
}

function draw(width: number, { x, y, curves, log, end, write = PLAIN }: LineChart): Element {
  const ends = curves.flatMap(({ points, style }) => points.slice(-1).map((point) => ({ ...point, style })));
  return drawPlot({
    width,
    height: Math.round(Math.min(340, Math.max(200, width * 0.42))),
    marginLeft: 52,
    marginRight: 14,
    marginTop: 26,
    marginBottom: 38,
    x: { label: null, ...(end === undefined ? {} : { domain: [0, end] }) },
    y: { label: null, type: log ? 'log' : 'linear', nice: !log },
    marks: [
      gridY({ ticks: 5, stroke: 'var(--grid)', strokeOpacity: 1 }),
      axisX({
        ticks: Math.max(2, Math.floor(width / 90)),
        tickSize: 0,
        tickFormat: write.x,
        label: x,
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 34,
      }),
      axisY({
        ticks: 5,
        tickSize: 0,
        tickFormat: write.y,
        label: y,
        labelAnchor: 'top',
        labelArrow: 'none',
        labelOffset: 46,
      }),
      ...curves.map(({ points, style }) => {
        const { colour, dash } = styleOf(style);
        return line(points, { x: 'x', y: 'y', stroke: colour, strokeDasharray: dash, strokeWidth: 1.75 });
      }),
      dot(ends, { x: 'x', y: 'y', r: 3, fill: (point: { style: number }) => styleOf(point.style).colour }),
    ],
  });
}
