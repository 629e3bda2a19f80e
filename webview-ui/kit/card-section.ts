/** Draws a section that a flow described as data. */
import type {
  CardSection,
  NumberForm,
  SectionBlock,
  SectionCell,
  SectionFigure,
} from '../../src/protocol/panels/section.ts';
import { writer } from '../../src/protocol/text/number-form.ts';
import { barChart } from './charts/bar-chart.ts';
import { chartPlace } from './charts/charts.ts';
import { lineChart, lineSample } from './charts/line-chart.ts';
import { h } from './element.ts';
import type { Child, Drawn } from './element.ts';
import { GAP, cut } from './format.ts';
import { icon } from './icon.ts';
import { name, section, tile } from './parts.ts';
import { dataTable } from './table.ts';

type Block<T extends SectionBlock['type']> = Extract<SectionBlock, { type: T }>;

/** @param id unique on the page */
export function drawSection({ title, blocks }: CardSection, id: string): Drawn {
  return section(cut(title, 120), undefined, ...blocks.map((block, at) => drawBlock(block, `${id}-${at}`)));
}

/** @param id unique on the page */
function drawBlock(block: SectionBlock, id: string): Child {
  switch (block.type) {
    case 'figures':
      return h('div', { class: 'tiles' }, ...block.figures.map(figureTile));
    case 'text':
      return textBlock(block);
    case 'table':
      return tableBlock(block, id);
    case 'lineChart':
      return lineChartBlock(block, id);
    case 'barChart':
      return barChartBlock(block, id);
  }
}

function figureTile({ label, value, form, unit, interval, note }: SectionFigure): Drawn {
  const write = writer(form);
  const after = unit === undefined ? '' : `${GAP}${cut(unit, 20)}`;
  const figure = typeof value === 'number' ? write(value) + after : name(value, 60);
  const range =
    interval !== undefined &&
    h('span', { class: 'interval' }, `${write(interval.low)}${GAP}–${GAP}${write(interval.high)}`);
  const shown = h('span', { class: 'estimate' }, h('span', { class: 'value' }, figure), range);
  return tile(cut(label, 60), shown, [note === undefined ? undefined : cut(note, 200)]);
}

function textBlock({ text, tone = 'plain' }: Block<'text'>): Drawn {
  const shown = h('bdi', {}, cut(text, 2000));
  if (tone === 'warning')
    return h('div', { class: 'callout callout-warning' }, icon('warning'), h('p', {}, shown));
  return h('p', { class: tone === 'note' ? 'note' : 'why' }, shown);
}

function cellText(cell: SectionCell | undefined, form: NumberForm | undefined): Child {
  if (cell === null || cell === undefined) return h('span', { class: 'muted' }, '–');
  return typeof cell === 'number' ? writer(form)(cell) : name(cell, 90);
}

function tableBlock({ caption, columns, rows }: Block<'table'>, id: string): Drawn {
  const isNumeric = (column: number): boolean =>
    column > 0 && rows.every((row) => typeof row[column] !== 'string');
  return dataTable({
    id,
    caption: cut(caption, 200),
    columns: columns.map(({ label }, index) => ({
      id: String(index),
      label: cut(label, 60),
      numeric: isNumeric(index),
    })),
    rows: rows.map(([head, ...cells]) => ({
      head: cellText(head, columns[0]?.form),
      cells: cells.map((cell, index) => cellText(cell, columns[index + 1]?.form)),
    })),
  });
}

/** One line needs no legend: the caption says what it is. */
function lineChartBlock({ caption, x, y, lines, log = false }: Block<'lineChart'>, id: string): Drawn {
  const curves = lines.map((line, style) => ({
    name: cut(line.name, 60),
    points: line.points.map(([at, value]) => ({ x: at, y: value })),
    style,
  }));
  const chart = lineChart({
    id,
    x: cut(x.label, 60),
    y: cut(y.label, 60),
    curves,
    log,
    end: undefined,
    write: { x: writer(x.form), y: writer(y.form) },
  });
  const legend =
    curves.length > 1 &&
    h(
      'ul',
      { class: 'legends' },
      ...curves.map((curve) => h('li', { class: 'legend' }, lineSample(curve.style), name(curve.name, 60))),
    );
  return h(
    'figure',
    { class: 'section-figure' },
    chartPlace(chart),
    legend,
    h('figcaption', {}, cut(caption, 300)),
  );
}

function barChartBlock({ caption, value, bars }: Block<'barChart'>, id: string): Drawn {
  const chart = barChart({ id, value: cut(value.label, 60), bars, write: writer(value.form) });
  return h('figure', { class: 'section-figure' }, chartPlace(chart), h('figcaption', {}, cut(caption, 300)));
}
