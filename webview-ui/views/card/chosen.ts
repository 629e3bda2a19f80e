/** What is shown now: a person's choices where they still fit the data, sensible ones where not. */
import type { EvaluationReport, ModelResult, Verdict } from '../../../src/protocol/report.ts';
import { seesAll } from '../../../src/protocol/ranked-among.ts';
import { familyOf, isHeadline, metricsOf } from './metric-names.ts';
import type { CardState } from '../../../src/protocol/panels/card.ts';

/** The metric of the plots: the chosen one, or the one that models were selected by. */
export function chosenMetric(report: EvaluationReport, state: CardState): string {
  const metrics = metricsOf(report);
  const wanted = [state.metric, report.selection.metric];
  return (
    wanted.find((metric) => metric !== undefined && metrics.includes(metric)) ?? metrics[0] ?? 'hitRate@10'
  );
}

/** The verdict by the chosen metric, where the report has one for it; otherwise by the metric that models were selected by. */
export function shownVerdict(
  { verdicts, selection }: EvaluationReport,
  state: CardState,
): Verdict | undefined {
  return [state.metric, selection.metric]
    .map((wanted) => verdicts.find(({ metric }) => metric === wanted))
    .find((verdict) => verdict !== undefined);
}

/** The model that validation chose by the shown metric; undefined where no model hits anything. */
export function bestModel(report: EvaluationReport, state: CardState): string | undefined {
  const verdict = shownVerdict(report, state);
  if (verdict !== undefined) return verdict.best;
  return report.selection.none === true ? undefined : report.selection.best;
}

/** The main metrics, among them those that models were and are chosen by; or all. */
export function chosenColumns(report: EvaluationReport, state: CardState): string[] {
  const metrics = metricsOf(report);
  const chosen = [report.selection.metric, chosenMetric(report, state)];
  const says = (metric: string): boolean => isHeadline(metric) && !seesAll(metric, report.protocol);
  const main = metrics.filter((metric) => says(metric) || chosen.includes(metric));
  return state.columns === 'all' || main.length === 0 ? metrics : main;
}

export function chosenModel(
  report: EvaluationReport,
  wanted: string | undefined,
  otherwise: string | undefined,
): string {
  const names = modelNames(report);
  return [wanted, otherwise].find((name) => name !== undefined && names.includes(name)) ?? names[0] ?? '';
}

/** Models in the order of the report, and after them any that only the results name. */
export function modelNames(report: EvaluationReport): string[] {
  const { validation, test } = report.metrics;
  return [
    ...new Set([
      ...report.models.map((model) => model.name),
      ...Object.keys(test),
      ...Object.keys(validation),
    ]),
  ];
}

export function resultsOf(report: EvaluationReport, state: CardState): Readonly<Record<string, ModelResult>> {
  return report.metrics[state.split];
}

export interface Order {
  readonly sort: string;
  readonly ascending: boolean;
}

/** The column the metric table is sorted by. */
export function chosenOrder(report: EvaluationReport, state: CardState): Order {
  return {
    sort: state.sort ?? chosenMetric(report, state),
    ascending: state.sort === undefined ? false : state.ascending,
  };
}

/** Figures without an interval; the report has them by depth, `@10`. */
export type PlainFamily = 'coverage' | 'meanPopularity';

/** What a result has in a column: a metric, `coverage@10`, `meanPopularity@10`. */
export function figureOf(result: ModelResult | undefined, column: string): number | undefined {
  const depth = column.slice(familyOf(column).length);
  const plain: Readonly<Record<string, number | undefined>> = {
    coverage: result?.coverage[depth],
    meanPopularity: result?.meanPopularity[depth],
  };
  return result?.metrics[column]?.value ?? plain[familyOf(column)];
}

/** Names in the chosen order; those without the figure come last. */
export function sortedModels(
  names: readonly string[],
  results: Readonly<Record<string, ModelResult>>,
  order: Order,
): string[] {
  const direction = order.ascending ? 1 : -1;
  if (order.sort === 'model') return [...names].sort((a, b) => direction * a.localeCompare(b, 'en'));
  const figure = (name: string): number =>
    figureOf(results[name], order.sort) ?? (order.ascending ? Infinity : -Infinity);
  return [...names].sort((a, b) => {
    const [left, right] = [figure(a), figure(b)];
    return left === right ? 0 : direction * (left - right);
  });
}
