import type { EvaluationReport, ModelResult } from '../../../../protocol/report.ts';
import { formatCount, oneOrMany } from '../../../../protocol/text/format.ts';
import { rankedAmong, seesAll } from '../../../../protocol/ranked-among.ts';
import { UserError } from '../../../../protocol/user-error.ts';
import { estimateText, plainText } from '../../../terminal/format.ts';
import { paint, table } from '../../../terminal/terminal.ts';

const COLUMNS = ['hitRate@10', 'hitRate@100', 'ndcg@10', 'mrr@10'];

/** The metrics of a table by default: the usual ones that say something, and the one that models were selected by. */
function defaultColumns({ selection: { metric }, protocol }: EvaluationReport): readonly string[] {
  return [...new Set([...COLUMNS.filter((name) => !seesAll(name, protocol)), metric])];
}

/** @throws UserError where no model of the report has one of the metrics */
function checkColumns(report: EvaluationReport, columns: readonly string[]): void {
  const known = new Set(Object.values(report.metrics.test).flatMap(({ metrics }) => Object.keys(metrics)));
  const unknown = columns.filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new UserError(
    `The report has no metric ${unknown.map((name) => `'${name}'`).join(', ')}.`,
    `Give some of ${[...known].join(', ')}, separated by commas; a run of an earlier version may have fewer than a new one.`,
  );
}

function cells(result: ModelResult, columns: readonly string[]): string[] {
  return columns.map((name) => {
    const figure = result.metrics[name];
    return figure === undefined ? '' : estimateText(figure);
  });
}

function counted(count: number, one: string, many: string): string {
  return oneOrMany(count, `1 ${one}`, () => `${formatCount(count)} ${many}`);
}

function splitTable(
  report: EvaluationReport,
  split: 'validation' | 'test',
  columns: readonly string[],
): string {
  const { best, metric, none = false } = report.selection;
  const results = Object.entries(report.metrics[split]);
  results.sort(([, a], [, b]) => (b.metrics[metric]?.value ?? 0) - (a.metrics[metric]?.value ?? 0));
  const rows = results.map(([name, result]) => [
    name === best && !none ? `${paint.bold(name)} *` : name,
    result.query,
    ...cells(result, columns),
  ]);
  const numeric = columns.map((_, at) => at + 2);
  const { queries, sequences, clusters, sampledFrom } = report.protocol;
  const users = clusters?.unit === 'users' ? ` of ${counted(clusters[split], 'user', 'users')}` : '';
  const drawn = clusters === undefined ? '' : `, intervals over ${clusters.unit}`;
  const whole = split === 'validation' ? sampledFrom?.validation : undefined;
  const sampled = whole === undefined ? '' : `, a sample of ${formatCount(whole)}`;
  const heading = `${split} (${counted(queries[split], 'query', 'queries')} of ${counted(sequences[split], 'sequence', 'sequences')}${users}${drawn}${sampled}, seen items ${report.protocol.seen})`;
  const note = paint.dim(plainText(rankedAmong(report.protocol, split).join(' ')));
  return [paint.bold(heading), table(['model', 'query', ...columns], rows, numeric), note].join('\n');
}

/** What the test part says of the chosen model; nothing of earlier versions' reports, and of one model alone. */
function verdictText({ verdicts, selection }: EvaluationReport): string[] {
  const verdict = verdicts.find(({ metric }) => metric === selection.metric);
  return verdict === undefined ? [] : [paint.bold(`On test, by ${verdict.metric}: ${verdict.sentence}`)];
}

/**
 * All models under both splits with half the width of their 95 % intervals, what the test part says of the chosen one,
 * and why it was chosen.
 * @throws UserError for metrics the report does not have
 */
export function metricsTable(report: EvaluationReport, columns = defaultColumns(report)): string {
  checkColumns(report, columns);
  const failed = report.failedBranches.map(({ name, message }) =>
    paint.yellow(`! ${name} failed: ${plainText(message)}`),
  );
  const warnings = report.warnings.map((warning) => paint.yellow(`! ${plainText(warning)}`));
  return [
    splitTable(report, 'validation', columns),
    '',
    splitTable(report, 'test', columns),
    '',
    ...verdictText(report),
    `* ${report.selection.why}`,
    ...failed,
    ...warnings,
  ].join('\n');
}
