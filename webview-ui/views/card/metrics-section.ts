/** Metrics of all models: the table, and beside it one metric as a dot plot. */
import type { EvaluationReport, ModelResult } from '../../../src/protocol/report.ts';
import { rankedAmong } from '../../../src/protocol/ranked-among.ts';
import { chartPlace } from '../../kit/charts/charts.ts';
import { dotPlot } from '../../kit/charts/dot-plot.ts';
import { h } from '../../kit/element.ts';
import type { Child, Drawn } from '../../kit/element.ts';
import { count, percent, plural, precise } from '../../kit/format.ts';
import { name, section, segmented, select } from '../../kit/parts.ts';
import { dataTable } from '../../kit/table.ts';
import type { Column } from '../../kit/table.ts';
import {
  bestModel,
  chosenColumns,
  chosenMetric,
  chosenOrder,
  figureOf,
  modelNames,
  resultsOf,
  sortedModels,
} from './chosen.ts';
import type { Order, PlainFamily } from './chosen.ts';
import { estimateCell, asPlotted } from './estimate.ts';
import { metricTitle, metricsOf } from './metric-names.ts';
import type { ViewContext } from './view-context.ts';

type Results = Readonly<Record<string, ModelResult>>;

export function metricsSection(context: ViewContext, report: EvaluationReport): Drawn {
  const { state } = context;
  const { protocol } = report;
  const queries = protocol.queries[state.split];
  const whole = state.split === 'validation' ? protocol.sampledFrom?.validation : undefined;
  const sampled = whole === undefined ? '' : `, a seeded sample of ${plural(whole, 'query', 'queries')},`;
  const intro =
    `${plural(queries, 'query', 'queries')} from ${plural(protocol.sequences[state.split], 'sequence')} of the ${state.split} split${sampled} ` +
    `(positions ${protocol.positions}, seen items ${protocol.seen}). ${rankedAmong(protocol, state.split).join(' ')} ` +
    `Below each value its 95 % interval; ◆ marks the best of a column.`;
  return section(
    'Metrics',
    intro,
    toolbar(context, report),
    h('div', { class: 'split-view' }, metricTable(context, report), plotOf(context, report)),
  );
}

function toolbar({ state, actions: { choose } }: ViewContext, report: EvaluationReport): Drawn {
  const splits = [
    { value: 'test', label: 'Test' },
    { value: 'validation', label: 'Validation' },
  ];
  const columns = [
    { value: 'main', label: 'Main metrics' },
    { value: 'all', label: 'All metrics' },
  ];
  const metrics = metricsOf(report).map((metric) => ({ value: metric, label: metricTitle(metric) }));
  return h(
    'div',
    { class: 'toolbar' },
    segmented('split', 'Split', splits, state.split, choose),
    segmented('columns', 'Columns', columns, state.columns, choose),
    select('metric', 'Metric', metrics, chosenMetric(report, state), choose),
  );
}

/** `coverage@10` and so on; only the first depth unless all are asked for. */
function plainColumns(results: Results, family: PlainFamily, all: boolean): string[] {
  const depths = [...new Set(Object.values(results).flatMap((result) => Object.keys(result[family])))];
  return (all ? depths : depths.slice(0, 1)).map((depth) => family + depth);
}

function sortOf(column: string, order: Order): 'ascending' | 'descending' | 'none' {
  if (column !== order.sort) return 'none';
  return order.ascending ? 'ascending' : 'descending';
}

function metricTable({ state, actions }: ViewContext, report: EvaluationReport): Drawn {
  const chosen = bestModel(report, state);
  const results = resultsOf(report, state);
  const order = chosenOrder(report, state);
  const metrics = chosenColumns(report, state);
  const coverage = plainColumns(results, 'coverage', state.columns === 'all');
  const popularity = plainColumns(results, 'meanPopularity', state.columns === 'all');
  const best = Object.fromEntries(metrics.map((metric) => [metric, highest(results, metric)]));
  const names = sortedModels(modelNames(report), results, order);
  const column = (id: string, label: string): Column => ({
    id,
    label,
    numeric: id !== 'model',
    sort: sortOf(id, order),
  });
  return dataTable({
    id: 'metric-table',
    caption: `Metrics of all models on the ${state.split} split, with 95 % intervals`,
    className: 'metrics',
    sort: actions.sort,
    columns: [
      column('model', 'Model'),
      ...[...metrics, ...coverage, ...popularity].map((id) => column(id, metricTitle(id))),
    ],
    rows: names.map((model) => ({
      head: modelHead(report, model, results[model], chosen),
      emphasis: model === chosen,
      cells: [
        ...metrics.map((metric) =>
          estimateCell(results[model]?.metrics[metric], best[metric] === figureOf(results[model], metric)),
        ),
        ...coverage.map((id) => plainCell(figureOf(results[model], id), percent)),
        ...popularity.map((id) => plainCell(figureOf(results[model], id), (value) => precise(value, 3))),
      ],
    })),
  });
}

function plainCell(value: number | undefined, write: (value: number) => string): Child {
  return value === undefined ? h('span', { class: 'muted' }, '–') : write(value);
}

function highest(results: Results, metric: string): number | undefined {
  const values = Object.values(results).flatMap((result) => result.metrics[metric]?.value ?? []);
  return values.length > 1 ? Math.max(...values) : undefined;
}

/** The model's name, and beneath it how it is asked. */
export function modelHead(
  report: EvaluationReport,
  model: string,
  result: ModelResult | undefined,
  best: string | undefined,
): Drawn {
  const title = report.models.find((summary) => summary.name === model)?.title;
  const chosen = best === model && h('span', { class: 'tag' }, 'chosen');
  const query = result === undefined ? 'no result' : result.queryStated;
  return h(
    'span',
    { class: 'model-head', title },
    h('span', {}, name(model), chosen),
    h('span', { class: 'sub' }, name(query, 200)),
  );
}

function plotOf({ state }: ViewContext, report: EvaluationReport): Drawn {
  const metric = chosenMetric(report, state);
  const results = resultsOf(report, state);
  const names = sortedModels(modelNames(report), results, { sort: metric, ascending: false });
  const best = highest(results, metric);
  const rows = names.flatMap((model) => {
    const estimate = results[model]?.metrics[metric];
    return estimate === undefined
      ? []
      : [{ name: model, ...asPlotted(estimate), best: estimate.value === best }];
  });
  const { n = 0 } = rows[0] ?? {};
  const caption = `${state.split === 'test' ? 'Test' : 'Validation'} split, ${count(n)} queries. Lines are 95 % intervals, ◆ the best.`;
  return h(
    'figure',
    {},
    chartPlace(dotPlot({ id: 'metrics', metric: metricTitle(metric), rows })),
    h('figcaption', {}, caption),
  );
}
