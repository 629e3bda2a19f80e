/** Values of named things as bars from zero, with their intervals. */
import { axisX, barX, gridX, ruleX, ruleY, text } from '@observablehq/plot';
import { cut } from '../format.ts';
import type { Chart } from './charts.ts';
import { NARROW, drawPlot, textWidth } from './plot.ts';

export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly interval?: { readonly low: number; readonly high: number } | undefined;
}

export interface BarChart {
  readonly id: string;
  readonly value: string;
  readonly bars: readonly Bar[];
  readonly write: (value: number) => string;
}

const LABEL_CHARACTERS = 34;

export function barChart(chart: BarChart): Chart {
  return {
    id: chart.id,
    description: describe(chart),
    shows: [chart.value, chart.bars],
    draw: (width) => draw(width, chart),
  };
}

function describe({ value, bars, write }: BarChart): string {
  const parts = bars.slice(0, 12).map(({ label, value: figure, interval }) => {
    const range = interval === undefined ? '' : ` (${write(interval.low)} to ${write(interval.high)})`;
    return `${cut(label, 60)} ${write(figure)}${range}`;
  });
  const more = bars.length > parts.length ? `; and ${bars.length - parts.length} more` : '';
  return `Bars of ${value}: ${parts.join('; ')}${more}.`;
}

function draw(width: number, { bars, value, write }: BarChart): Element {
  const narrow = width < NARROW;
  const rows = bars.map((bar, index) => ({
    ...bar,
    key: String(index),
    shown: cut(bar.label, LABEL_CHARACTERS),
  }));
  const intervals = rows.flatMap(({ key, interval }) =>
    interval === undefined ? [] : [{ key, ...interval }],
  );
  const labelWidth = Math.max(...rows.map(({ shown }) => textWidth(shown)));
  const anchor = { y: 'key', text: 'shown', frameAnchor: 'left' } as const;
  return drawPlot({
    width,
    height: rows.length * (narrow ? 38 : 26) + 58,
    marginLeft: narrow ? 6 : Math.min(Math.ceil(labelWidth) + 14, width / 2),
    marginRight: 14,
    marginTop: narrow ? 24 : 10,
    marginBottom: 38,
    x: { label: null, nice: true, zero: true },
    y: {
      type: 'band',
      domain: rows.map(({ key }) => key),
      label: null,
      axis: null,
      padding: narrow ? 0.6 : 0.35,
    },
    marks: [
      gridX({ ticks: Math.max(2, Math.floor(width / 110)), stroke: 'var(--grid)', strokeOpacity: 1 }),
      axisX({
        ticks: Math.max(2, Math.floor(width / 110)),
        tickSize: 0,
        tickFormat: write,
        label: value,
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 34,
      }),
      barX(rows, {
        y: 'key',
        x: 'value',
        fill: 'var(--series-fill)',
        title: (row: Bar) => `${cut(row.label)}\n${write(row.value)}`,
      }),
      ruleY(intervals, { y: 'key', x1: 'low', x2: 'high', stroke: 'var(--foreground)', strokeWidth: 1.5 }),
      ruleX([0], { stroke: 'var(--line-strong)' }),
      text(
        rows,
        narrow
          ? { ...anchor, textAnchor: 'start', dx: 2, dy: -17 }
          : { ...anchor, textAnchor: 'end', dx: -10 },
      ),
    ],
  });
}
