import type { Estimate, EvaluationReport, ModelResult } from '../../../protocol/report.ts';
import { formatCount } from '../../../protocol/format.ts';
import { formatShare, plainText } from './format.ts';
import { paint, table } from './terminal.ts';

const COLUMNS = ['hitRate@10', 'hitRate@100', 'ndcg@10', 'mrr@10'] as const;

function estimate({ value, low, high }: Estimate): string {
  return `${formatShare(value)} ${paint.dim(`±${formatShare((high - low) / 2)}`)}`;
}

function cells(result: ModelResult): string[] {
  return COLUMNS.map((name) => {
    const figure = result.metrics[name];
    return figure === undefined ? '' : estimate(figure);
  });
}

function splitTable(report: EvaluationReport, split: 'validation' | 'test'): string {
  const { best, metric } = report.selection;
  const results = Object.entries(report.metrics[split]);
  results.sort(([, a], [, b]) => (b.metrics[metric]?.value ?? 0) - (a.metrics[metric]?.value ?? 0));
  const rows = results.map(([name, result]) => [
    name === best ? `${paint.bold(name)} *` : name,
    result.query,
    ...cells(result),
  ]);
  const { queries, sequences } = report.protocol;
  const heading = `${split} (${formatCount(queries[split])} queries of ${formatCount(sequences[split])} sequences, seen items ${report.protocol.seen})`;
  return `${paint.bold(heading)}\n${table(['model', 'query', ...COLUMNS], rows, [2, 3, 4, 5])}`;
}

/** All models under both splits with half the width of their 95 % intervals, and why the best was chosen. */
export function metricsTable(report: EvaluationReport): string {
  const failed = report.failedBranches.map(({ name, message }) =>
    paint.yellow(`! ${name} failed: ${plainText(message)}`),
  );
  const warnings = report.warnings.map((warning) => paint.yellow(`! ${plainText(warning)}`));
  return [
    splitTable(report, 'validation'),
    '',
    splitTable(report, 'test'),
    '',
    `* ${report.selection.why}`,
    ...failed,
    ...warnings,
  ].join('\n');
}
