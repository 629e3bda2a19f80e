/** Estimates with their intervals, one a row: dots with whiskers on one scale from zero. */
import { axisX, axisY, dot, gridX, ruleX, ruleY, text } from '@observablehq/plot';
import type { Markish } from '@observablehq/plot';
import { cut, interval, rate } from '../shared/format.ts';
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

function labelOf(name: string): string {
  return cut(name, LABEL_CHARACTERS);
}

function draw(width: number, metric: string, rows: readonly DotRow[]): Element {
  const narrow = width < NARROW;
  const names = [...new Set(rows.map((row) => row.name))];
  const groups = [...new Set(rows.flatMap((row) => (row.group === undefined ? [] : [row.group])))];
  const rowHeight = narrow ? 34 : 23;
  const groupGap = groups.length > 0 ? 24 : 0;
  const marginLeft = narrow ? 6 : Math.ceil(Math.max(...names.map((name) => textWidth(labelOf(name))))) + 14;
  const bottom = 36;
  return drawPlot({
    width,
    height: Math.max(1, groups.length) * (names.length * rowHeight + groupGap) + bottom + 8,
    marginLeft,
    marginRight: 16,
    marginTop: 8,
    marginBottom: bottom,
    x: { domain: [0, niceTop(rows)], label: null },
    y: { domain: names, label: null, padding: 0, inset: 0, type: 'point' },
    ...(groups.length > 0 ? { fy: { domain: groups, label: null, axis: null, padding: groupGap / (names.length * rowHeight + groupGap) } } : {}),
    marks: marks(rows, { metric, narrow, width, grouped: groups.length > 0 }),
  });
}

function niceTop(rows: readonly DotRow[]): number {
  const top = Math.max(...rows.map((row) => Math.max(row.high, row.value)), 0);
  return top > 0 ? top * 1.02 : 1;
}

interface MarkOptions {
  readonly metric: string;
  readonly narrow: boolean;
  readonly width: number;
  readonly grouped: boolean;
}

function marks(rows: readonly DotRow[], { metric, narrow, width, grouped }: MarkOptions): Markish[] {
  const fy = grouped ? { fy: 'group' } : {};
  const title = (row: DotRow): string => `${row.name}\n${metric} ${rate(row.value)} (${interval(row.low, row.high)})`;
  const ticks = { ticks: Math.max(2, Math.floor(width / 110)), tickFormat: (value: number) => shortRate(value), tickSize: 0 };
  return [
    gridX({ ...ticks, stroke: 'var(--line)', strokeOpacity: 1 }),
    axisX({ ...ticks, label: metric, labelAnchor: 'center', labelArrow: 'none', labelOffset: 32 }),
    ruleX([0], { stroke: 'var(--line-strong)' }),
    narrow
      ? text(rows, { ...fy, y: 'name', text: (row: DotRow) => labelOf(row.name), frameAnchor: 'left', textAnchor: 'start', dx: 2, dy: -11, fill: 'var(--muted)' })
      : axisY({ tickSize: 0, tickPadding: 10, tickFormat: (value: string) => labelOf(value) }),
    ...(grouped ? [text(firstOfGroups(rows), { fy: 'group', y: 'name', text: 'group', frameAnchor: 'left', textAnchor: 'start', dx: narrow ? 0 : 6, dy: narrow ? -26 : -18, fontWeight: 600 })] : []),
    ruleY(rows, { ...fy, y: 'name', x1: 'low', x2: 'high', stroke: (row: DotRow) => colour(row), strokeWidth: 2.5, strokeLinecap: 'round', strokeOpacity: 0.55 }),
    dot(rows, { ...fy, y: 'name', x: 'value', r: (row: DotRow) => (row.best ? 5 : 4), fill: (row: DotRow) => (row.best ? colour(row) : 'var(--background)'), stroke: (row: DotRow) => colour(row), strokeWidth: 2, symbol: (row: DotRow) => (row.best ? 'diamond' : 'circle'), title }),
  ];
}

function firstOfGroups(rows: readonly DotRow[]): DotRow[] {
  return rows.filter((row, index) => rows.findIndex((other) => other.group === row.group) === index);
}

function colour(row: DotRow): string {
  return row.best ? 'var(--accent)' : 'var(--series)';
}

function shortRate(value: number): string {
  return value === 0 ? '0' : rate(value, 4).replace(/0+$/, '');
}
