/** What people see of a run whose report is an evaluation of models on next items. */
import type { EvaluationReport, ModelResult, Selection } from '../../../../protocol/report.ts';
import type { Headline } from '../../../../protocol/run-outcome.ts';
import { messageOf, UserError } from '../../../../protocol/user-error.ts';
import type { FlowCard, FlowViews, Question } from '../../../flow/flow-views.ts';
import type { RunFolder } from '../../../store/run-folder.ts';
import { metricsTable } from './metrics-table.ts';
import { readExplained } from './read-explained.ts';
import { readReport } from './read-report.ts';
import { testQueries } from './test-queries.ts';

function headline(run: RunFolder): Headline {
  const report = readReport(run);
  if (report === undefined) return {};
  const { best, bestEmbedding, metric, none = false } = report.selection;
  const value = report.metrics.test[best]?.metrics[metric]?.value;
  const verdict = report.verdicts[0]?.sentence;
  return {
    ...(none ? {} : { best }),
    ...(bestEmbedding === undefined ? {} : { bestEmbedding }),
    ...(value === undefined || none ? {} : { headline: { metric, value } }),
    ...(verdict === undefined ? {} : { verdict }),
  };
}

function card(run: RunFolder): FlowCard {
  const report = readReport(run);
  if (report === undefined) return {};
  try {
    const explained = readExplained(run, report);
    return { report, warnings: report.warnings, ...(explained === undefined ? {} : { explained }) };
  } catch (error) {
    return { report, warnings: [...report.warnings, messageOf(error)] };
  }
}

function texts(run: RunFolder, metrics: readonly string[] | undefined): string[] {
  const report = readReport(run);
  return report === undefined ? [] : [metricsTable(report, metrics)];
}

function flatten(results: Readonly<Record<string, ModelResult>> = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(results).map(([name, { metrics, ...rest }]) => [name, { ...metrics, ...rest }]),
  );
}

interface ShownEvaluation {
  /** Every model's figures, by its name. */
  readonly metrics: { validation: Record<string, unknown>; test: Record<string, unknown> };
  readonly selection: Selection | null;
  /** What the test part says by each metric, the selecting one first. */
  readonly verdicts: EvaluationReport['verdicts'];
}

function json(run: RunFolder): ShownEvaluation {
  const report = readReport(run);
  return {
    metrics: { validation: flatten(report?.metrics.validation), test: flatten(report?.metrics.test) },
    selection: report?.selection ?? null,
    verdicts: report?.verdicts ?? [],
  };
}

/** The best on validation; for neighbours the best of those that have vectors, where there is one. */
function model(run: RunFolder, question: Question): string {
  const selection = readReport(run)?.selection;
  if (selection === undefined)
    throw new UserError(
      `Run ${run.id} has no report yet that names its best model.`,
      'Wait for it, or name a model with --model.',
    );
  const { best, bestEmbedding } = selection;
  return question === 'neighbours' ? (bestEmbedding ?? best) : best;
}

export const nextItemViews = {
  headline,
  card,
  texts,
  json: (run) => ({ ...json(run) }),
  model,
  testQueries: (run, prepared) => testQueries(run, prepared, 'evaluate'),
} satisfies FlowViews;
