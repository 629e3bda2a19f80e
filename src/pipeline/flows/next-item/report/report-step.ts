import * as fs from 'node:fs/promises';
import type { EvaluationReport } from '../../../../protocol/report.ts';
import { UserError } from '../../../../protocol/user-error.ts';
import type { StepDefinition } from '../../../flow/flow-definition.ts';
import type { StepContext } from '../../../flow/step-context.ts';
import type { RankMetric } from '../../../metrics/rank-metrics.ts';
import { protocolOf, QUERY_PARAMETERS } from '../evaluate/held-out-queries.ts';
import {
  judge,
  measuredPart,
  readModels,
  settingOf,
  type MeasuredModel,
  type Setting,
} from './measured-models.ts';
import { selectionMetric } from './selection-metric.ts';
import { warningsOf } from './run-warnings.ts';

/** Those whose figures stand beside the step. */
const SHOWN: readonly RankMetric[] = ['hitRate@10', 'hitRate@100', 'ndcg@10'];

function failures(context: StepContext): { name: string; message: string }[] {
  const failed = ['train', 'refit', 'evaluate'].flatMap((step) => context.branches(step).failed);
  const told = failed.filter(({ name }, i) => failed.findIndex((other) => other.name === name) === i);
  const known = new Set([...context.branches('evaluate').finished, ...told].map(({ name }) => name));
  // A model that is made of one that failed was never begun.
  const without = context.manifest.models.filter(({ name }) => !known.has(name));
  return [
    ...told,
    ...without.map(({ name, members = [] }) => {
      const failing = members.filter((member) => told.some((other) => other.name === member));
      return { name, message: `It is made of ${failing.join(', ')}, which failed.` };
    }),
  ];
}

function reportOf(
  context: StepContext,
  models: readonly MeasuredModel[],
  setting: Setting,
): EvaluationReport {
  const { data } = setting;
  const metric = selectionMetric(String(context.manifest.parameters['selectBy'] ?? 'auto'), data);
  const protocol = protocolOf(context, setting);
  const { selection, verdicts, tests } = judge(models, metric, protocol.clusters?.unit ?? 'sequences');
  return {
    ...measuredPart(models, protocol, failures(context)),
    selection,
    verdicts,
    pairs: { validation: [], test: tests },
    warnings: warningsOf(context, setting, protocol, ['train', 'refit', 'evaluate']),
  };
}

async function run(context: StepContext): Promise<void> {
  const { finished } = context.branches('evaluate');
  if (finished.length === 0)
    throw new UserError(
      'No model could be trained and evaluated.',
      'See what went wrong with each: recsys logs',
    );
  const setting = await settingOf(context);
  const report = reportOf(
    context,
    await readModels(context, ['train', 'refit'], 'evaluate', setting),
    setting,
  );
  const { selection, verdicts, metrics } = report;
  context.reporter.info(selection.why);
  const [verdict] = verdicts;
  if (verdict !== undefined) context.reporter.info(`On the test part: ${verdict.sentence}`);
  for (const part of ['validation', 'test'] as const) {
    for (const metric of new Set<string>([...SHOWN, selection.metric]))
      context.metric(`${part} ${metric}`, metrics[part][selection.best]?.metrics[metric]?.value ?? 0);
  }
  await context.write('report', 'report.json', (file) =>
    fs.writeFile(file, `${JSON.stringify(report, null, 1)}\n`),
  );
}

/** Joins the evaluations: chooses the best model on validation, tests all pairs on the test part. */
export const reportStep: StepDefinition = {
  name: 'report',
  title: 'Report',
  needs: ['prepare', 'train', 'refit', 'evaluate'],
  uses: [...QUERY_PARAMETERS, 'selectBy'],
  version: '6',
  shared: false,
  parallel: () => false,
  weight: () => 1,
  run,
};
