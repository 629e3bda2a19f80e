/** Estimates with their intervals, one a row: dots with whiskers on one scale from zero. */
import { axisX, dot, gridX, ruleX, ruleY, text } from '@observablehq/plot';
import type { Markish } from '@observablehq/plot';
import { cut, interval, rate } from '../format.ts';
import type { Chart } from './charts.ts';
import { NARROW, drawPlot, textWidth } from './plot.ts';

export interface DotRow {
  readonly name: string;
  /** Rows of one group stand together under its name. */
  readonly group?: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Drawn as a filled diamond instead of a circle. */
  readonly best: boolean;
}

export interface DotPlot {
  readonly id: string;
  readonly metric: string;
  readonly rows: readonly DotRow[];
}

const LABEL_CHARACTERS = 34;

/** Rows are drawn in the given order, top to bottom. */
export function dotPlot({ id, metric, rows }: DotPlot): Chart {
  return {
    id,
    description: describe(metric, rows),
    shows: [metric, rows],
    draw: (width) => draw(width, metric, rows),
  };
}

function describe(metric: string, rows: readonly DotRow[]): string {
  const parts = rows.slice(0, 12).map((row) => {
    return `${row.group === undefined ? '' : `${row.group}, `}${row.name} ${rate(row.value)} (${interval(row.low, row.high)})`;
  });
  return `Dot plot of ${metric} with 95 % intervals: ${parts.join('; ')}${rows.length > parts.length ? '; and more in the table' : ''}.`;
}

/** One line of the plot: a group's name, or an estimate under it. */
interface Line {
  readonly key: string;
  readonly label: string;
  readonly row: DotRow | undefined;
}

/** The rows in order, each group led by a line with its name. */
function linesOf(rows: readonly DotRow[]): Line[] {
  return rows.flatMap((row, index) => {
    const line = { key: `${row.group ?? ''}\n${row.name}`, label: cut(row.name, LABEL_CHARACTERS), row };
    const leads = row.group !== undefined && rows[index - 1]?.group !== row.group;
    return leads
      ? [{ key: row.group, label: cut(row.group, LABEL_CHARACTERS), row: undefined }, line]
      : [line];
  });
}

function draw(width: number, metric: string, rows: readonly DotRow[]): Element {
  const narrow = width < NARROW;
  const lines = linesOf(rows);
  const labelWidth = Math.max(0, ...lines.map((line) => textWidth(line.label)));
  const marginTop = narrow ? 20 : 10;
  const marginBottom = 38;
  return drawPlot({
    width,
    height: lines.length * (narrow ? 33 : 23) + marginTop + marginBottom,
    marginLeft: narrow ? 6 : Math.min(Math.ceil(labelWidth) + 14, width / 2),
    marginRight: 14,
    marginTop,
    marginBottom,
    x: { domain: [0, topOf(rows)], label: null },
    y: { type: 'point', domain: lines.map((line) => line.key), label: null, axis: null, padding: 0.4 },
    marks: [...frameMarks(width, metric), ...labelMarks(lines, narrow), ...estimateMarks(lines, metric)],
  });
}

/** A little more than the highest figure. */
function topOf(rows: readonly DotRow[]): number {
  const top = Math.max(...rows.map((row) => Math.max(row.high, row.value)), 0);
  return top > 0 ? top * 1.03 : 1;
}

function frameMarks(width: number, metric: string): Markish[] {
  const ticks = {
    ticks: Math.max(2, Math.floor(width / 110)),
    tickFormat: (value: number) => shortRate(value),
    tickSize: 0,
  };
  return [
    gridX({ ticks: ticks.ticks, stroke: 'var(--grid)', strokeOpacity: 1 }),
    axisX({ ...ticks, label: metric, labelAnchor: 'center', labelArrow: 'none', labelOffset: 34 }),
    ruleX([0], { stroke: 'var(--line-strong)' }),
  ];
}

/** Beside the rows, or above each row where there is no room beside them. */
function labelMarks(lines: readonly Line[], narrow: boolean): Markish[] {
  const groups = lines.filter((line) => line.row === undefined);
  const names = lines.filter((line) => line.row !== undefined);
  const anchor = { y: 'key', text: 'label', frameAnchor: 'left' } as const;
  return [
    text(groups, {
      ...anchor,
      textAnchor: narrow ? 'start' : 'end',
      dx: narrow ? 2 : -10,
      dy: narrow ? -1 : 2,
      fontWeight: 600,
    }),
    text(
      names,
      narrow
        ? { ...anchor, textAnchor: 'start', dx: 4, dy: -12, fill: 'var(--muted)' }
        : { ...anchor, textAnchor: 'end', dx: -10 },
    ),
  ];
}

function estimateMarks(lines: readonly Line[], metric: string): Markish[] {
  const estimates = lines.flatMap(({ key, row }) => (row === undefined ? [] : [{ key, ...row }]));
  const title = (row: DotRow): string =>
    `${cut(row.name)}\n${metric} ${rate(row.value)} (${interval(row.low, row.high)})`;
  return [
    ruleY(estimates, {
      y: 'key',
      x1: 'low',
      x2: 'high',
      stroke: colour,
      strokeWidth: 2.5,
      strokeLinecap: 'round',
      strokeOpacity: 0.5,
    }),
    dot(estimates, {
      y: 'key',
      x: 'value',
      r: (row: DotRow) => (row.best ? 4.6 : 3.8),
      symbol: (row: DotRow) => (row.best ? 'diamond' : 'circle'),
      fill: (row: DotRow) => (row.best ? colour(row) : 'var(--background)'),
      stroke: colour,
      strokeWidth: 1.9,
      title,
    }),
  ];
}

function colour(row: DotRow): string {
  return row.best ? 'var(--accent)' : 'var(--series)';
}

function shortRate(value: number): string {
  return value === 0 ? '0' : rate(value, 4).replace(/\.?0+$/, '');
}
