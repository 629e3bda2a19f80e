/** Where models are good: by popularity of the target, by length, by whether the query is known. */
import type { EvaluationReport, ModelResult, SliceRow } from '../../../src/protocol/report.ts';
import { chartPlace } from '../../kit/charts/charts.ts';
import { dotPlot } from '../../kit/charts/dot-plot.ts';
import { h } from '../../kit/element.ts';
import type { Drawn } from '../../kit/element.ts';
import { count, cut } from '../../kit/format.ts';
import { name, section, select } from '../../kit/parts.ts';
import { dataTable } from '../../kit/table.ts';
import { chosenMetric, modelNames, resultsOf, sortedModels } from './chosen.ts';
import { estimateCell, asPlotted } from './estimate.ts';
import { metricTitle } from './metric-names.ts';
import type { ViewContext } from './view-context.ts';

type Results = Readonly<Record<string, ModelResult>>;
interface Slice {
  readonly title: string;
  readonly metric: string;
  readonly groups: readonly string[];
  readonly models: readonly string[];
  readonly results: Results;
}

export function slicesSection(context: ViewContext, report: EvaluationReport): Drawn | undefined {
  const { state } = context;
  const results = resultsOf(report, state);
  const titles = [
    ...new Set(Object.values(results).flatMap((result) => result.slices.map((row) => row.slice))),
  ];
  const title = titles.find((candidate) => candidate === state.slice) ?? titles[0];
  if (title === undefined) return undefined;
  const slice = readSlice(report, results, title, chosenMetric(report, state));
  return section(
    'Slices',
    `${metricTitle(slice.metric)} by group of queries, ${state.split} split.`,
    h(
      'div',
      { class: 'toolbar' },
      select(
        'slice',
        'By',
        titles.map((value) => ({ value, label: value })),
        title,
        context.actions.choose,
      ),
    ),
    h('div', { class: 'split-view' }, sliceTable(slice, state.split), slicePlot(context, report, slice)),
  );
}

function rowsOf(result: ModelResult | undefined, title: string): SliceRow[] {
  return (result?.slices ?? []).filter((row) => row.slice === title);
}

/** The chosen metric where slices have it; otherwise the first one they have. */
function readSlice(report: EvaluationReport, results: Results, title: string, wanted: string): Slice {
  const rows = Object.values(results).flatMap((result) => rowsOf(result, title));
  const metrics = [...new Set(rows.flatMap((row) => Object.keys(row.metrics)))];
  const metric = metrics.includes(wanted) ? wanted : (metrics[0] ?? wanted);
  const models = sortedModels(modelNames(report), results, { sort: metric, ascending: false });
  return {
    title,
    metric,
    results,
    groups: [...new Set(rows.map((row) => row.group))],
    models: models.filter((model) => rowsOf(results[model], title).length > 0),
  };
}

function groupRow(slice: Slice, model: string, group: string): SliceRow | undefined {
  return rowsOf(slice.results[model], slice.title).find((row) => row.group === group);
}

function highest(slice: Slice, group: string): number {
  return Math.max(
    ...slice.models.map((model) => groupRow(slice, model, group)?.metrics[slice.metric]?.value ?? -Infinity),
  );
}

function queriesOf(slice: Slice, group: string): number {
  return (
    slice.models
      .map((model) => groupRow(slice, model, group)?.queries)
      .find((queries) => queries !== undefined) ?? 0
  );
}

function sliceTable(slice: Slice, split: string): Drawn {
  return dataTable({
    id: 'slice-table',
    caption: `${metricTitle(slice.metric)} by ${slice.title}, ${split} split`,
    columns: [
      { id: 'model', label: 'Model' },
      ...slice.groups.map((group) => ({
        id: group,
        label: `${group} (${count(queriesOf(slice, group))})`,
        numeric: true,
        title: `${count(queriesOf(slice, group))} queries`,
      })),
    ],
    rows: slice.models.map((model) => ({
      head: name(model),
      cells: slice.groups.map((group) => {
        const estimate = groupRow(slice, model, group)?.metrics[slice.metric];
        return estimateCell(
          estimate,
          estimate !== undefined && estimate.value > 0 && estimate.value === highest(slice, group),
        );
      }),
    })),
  });
}

/** More rows than this are no picture any more. */
const MAX_PLOTTED = 36;

/** All models, or where groups are many the chosen one, its rivals and the baseline. */
function plottedModels(slice: Slice, { selection }: EvaluationReport): readonly string[] {
  if (slice.groups.length * slice.models.length <= MAX_PLOTTED) return slice.models;
  const few = [selection.best, selection.runnerUp, selection.bestEmbedding, 'popularity'];
  return slice.models.filter((model) => few.includes(model));
}

function slicePlot({ state }: ViewContext, report: EvaluationReport, slice: Slice): Drawn {
  const plotted = plottedModels(slice, report);
  const groups = slice.groups.filter((group) => highest(slice, group) > 0);
  const rows = groups.flatMap((group) =>
    plotted.flatMap((model) => {
      const estimate = groupRow(slice, model, group)?.metrics[slice.metric];
      return estimate === undefined
        ? []
        : [
            {
              name: model,
              group,
              ...asPlotted(estimate),
              best: estimate.value > 0 && estimate.value === highest(slice, group),
            },
          ];
    }),
  );
  const chart = dotPlot({ id: 'slices', metric: metricTitle(slice.metric), rows });
  return h(
    'figure',
    {},
    chartPlace(chart),
    h(
      'figcaption',
      {},
      `${state.split === 'test' ? 'Test' : 'Validation'} split, by ${cut(slice.title, 60)}. Lines are 95 % intervals, ◆ the best of a group.` +
        (plotted.length < slice.models.length ? ' The other models are in the table.' : '') +
        (groups.length < slice.groups.length ? ' Groups without any hit are left out.' : ''),
    ),
  );
}
