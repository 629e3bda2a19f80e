/** The two plots of the data profile: how long sequences are, and how unequal items are. */
import { axisX, axisY, dot, gridX, gridY, line, rectY, ruleX, ruleY } from '@observablehq/plot';
import type { DataProfile } from '../../../src/protocol/profile.ts';
import { count, plural, significant } from '../format.ts';
import type { Chart } from './charts.ts';
import { fittedLine, popularityPoints } from './popularity.ts';
import { drawPlot } from './plot.ts';

const frame = { marginLeft: 58, marginRight: 14, marginTop: 26, marginBottom: 38 };
const grid = { stroke: 'var(--grid)', strokeOpacity: 1 };
const axis = { tickSize: 0, labelArrow: 'none' } as const;

function heightFor(width: number): number {
  return Math.round(Math.min(300, Math.max(200, width * 0.5)));
}

/** Histogram of sequence lengths; on a logarithmic scale where the bins grow, so that bars are as wide as each other. */
export function lengthChart({ length }: DataProfile): Chart {
  return {
    id: 'length',
    description: `Histogram of sequence lengths: from ${count(length.min)} to ${count(length.max)}, median ${significant(length.median)}, 90 % at most ${significant(length.p90)}.`,
    shows: length,
    draw: (width) => drawLength(width, length),
  };
}

function drawLength(width: number, length: DataProfile['length']): Element {
  const log = growing(length.histogram);
  const ticks = log ? roundNumbers(length.histogram) : ticksFor(width);
  return drawPlot({
    width,
    height: heightFor(width),
    ...frame,
    x: { label: null, type: log ? 'log' : 'linear' },
    y: { label: null, nice: true },
    marks: [
      gridY({ ticks: 4, ...grid }),
      rectY(length.histogram, {
        x1: 'from',
        x2: 'to',
        y: 'count',
        fill: 'var(--series-fill)',
        insetLeft: 0.5,
        insetRight: 0.5,
        title: (bin: Bin) => `${range(bin)} items\n${plural(bin.count, 'sequence')}`,
      }),
      ruleY([0], { stroke: 'var(--line-strong)' }),
      ruleX([length.median], { stroke: 'var(--accent)', strokeWidth: 1.5, strokeDasharray: '4 3' }),
      axisX({
        ...axis,
        ticks,
        tickFormat: (value: number) => significant(value),
        label: 'items in a sequence (dashed: median)',
        labelAnchor: 'center',
        labelOffset: 34,
      }),
      axisY({
        ...axis,
        ticks: 4,
        tickFormat: (value: number) => significant(value),
        label: 'sequences',
        labelAnchor: 'top',
        labelOffset: 52,
      }),
    ],
  });
}

type Bin = DataProfile['popularity'][number];

/** `5–9`, or `5` for a bin of one whole number. */
export function range({ from, to }: Bin): string {
  const last = Math.ceil(to) - 1;
  return last <= from ? count(from) : `${count(from)}–${count(last)}`;
}

function growing(bins: readonly Bin[]): boolean {
  const widths = bins.map(({ from, to }) => to - from);
  return bins.every(({ from }) => from > 0) && Math.max(...widths) > 2 * Math.min(...widths);
}

/** 1, 2, 5, 10, 20, … within the bins. */
function roundNumbers(bins: readonly Bin[]): number[] {
  const first = bins[0]?.from ?? 1;
  const last = bins.at(-1)?.to ?? 1;
  const all = Array.from({ length: 10 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat();
  return all.filter((value) => value >= first && value <= last);
}

function ticksFor(width: number): number {
  return Math.max(2, Math.floor(width / 80));
}

/** Density of items by how many rows they have, on logarithmic scales, with the fitted power law. */
export function popularityChart(profile: DataProfile): Chart {
  const { powerLaw } = profile;
  const fit =
    powerLaw === undefined
      ? ''
      : ` The fitted power law has exponent ${significant(powerLaw.alpha)} from ${count(powerLaw.xMin)} rows on.`;
  return {
    id: 'popularity',
    description: `Share of items by the number of rows they have, on logarithmic scales.${fit}`,
    shows: [profile.popularity, powerLaw],
    draw: (width) => drawPopularity(width, profile),
  };
}

function drawPopularity(width: number, profile: DataProfile): Element {
  const points = popularityPoints(profile);
  const xTicks = powersOfTen(points.map((point) => point.x));
  const yTicks = powersOfTen(points.map((point) => point.y));
  return drawPlot({
    width,
    height: heightFor(width),
    ...frame,
    x: { label: null, type: 'log' },
    y: { label: null, type: 'log' },
    marks: [
      gridX({ ticks: xTicks, ...grid }),
      gridY({ ticks: yTicks, ...grid }),
      line(fittedLine(profile), {
        x: 'x',
        y: 'y',
        stroke: 'var(--accent)',
        strokeWidth: 1.75,
        strokeDasharray: '6 3',
      }),
      dot(points, {
        x: 'x',
        y: 'y',
        r: 3.5,
        stroke: 'var(--series)',
        fill: 'var(--background)',
        strokeWidth: 1.75,
        title: (point: { bin: Bin }) => `${range(point.bin)} rows\n${plural(point.bin.count, 'item')}`,
      }),
      axisX({
        ...axis,
        ticks: xTicks,
        tickFormat: power,
        label: 'rows of an item',
        labelAnchor: 'center',
        labelOffset: 34,
      }),
      axisY({
        ...axis,
        ticks: yTicks,
        tickFormat: power,
        label: 'share of items per row count',
        labelAnchor: 'top',
        labelOffset: 52,
      }),
    ],
  });
}

const SUPERSCRIPT = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/** The powers of ten from just below the smallest value to the largest. */
export function powersOfTen(values: readonly number[]): number[] {
  const exponents = values.filter((value) => value > 0).map((value) => Math.log10(value));
  const first = Math.ceil(Math.min(...exponents) - 0.1);
  const last = Math.floor(Math.max(...exponents) + 0.1);
  return exponents.length === 0
    ? []
    : Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => 10 ** (first + index));
}

/** `10⁻³`. */
function power(value: number): string {
  const exponent = Math.round(Math.log10(value));
  const digits = Array.from(String(Math.abs(exponent)), (digit) => SUPERSCRIPT[Number(digit)] ?? '');
  return `10${exponent < 0 ? '⁻' : ''}${digits.join('')}`;
}
