import * as fs from 'node:fs/promises';
import type { EvaluationReport, PairedTest, Selection, Verdict } from '../../../protocol/report.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { readNpy } from '../../data/npy.ts';
import { catalogueSize, type PreparedData } from '../../data/prepared-data.ts';
import type { StepDefinition } from '../../flow/flow-definition.ts';
import type { FinishedBranch, StepContext } from '../../flow/step-context.ts';
import { clusteredRanks, type ClusteredRanks } from '../../metrics/clustered-ranks.ts';
import { pairedTests } from '../../metrics/paired-test.ts';
import { DEEPEST, type RankMetric } from '../../metrics/rank-metrics.ts';
import { EVALUATED, readBranchResult, type BranchResult } from '../evaluate/branch-result.ts';
import {
  heldOutQueries,
  protocolOf,
  QUERY_PARAMETERS,
  type HeldOutQueries,
} from '../evaluate/held-out-queries.ts';
import { queryWarnings } from '../evaluate/query-warnings.ts';
import { preparedInput } from '../prepared-input.ts';
import { selectBest, type Contender } from './select-best.ts';
import { selectionMetric } from './selection-metric.ts';
import { verdictOf } from './verdict.ts';

type Part = 'validation' | 'test';

/** Metrics of the paired tests, by each of which a person may choose. */
const TESTED: readonly RankMetric[] = [
  ...(['hitRate@10', 'hitRate@20', 'hitRate@50', 'hitRate@100'] as const),
  ...(['ndcg@10', 'ndcg@100', 'mrr@10'] as const),
];
/** Those whose figures stand beside the step. */
const SHOWN: readonly RankMetric[] = ['hitRate@10', 'hitRate@100', 'ndcg@10'];

interface Model {
  readonly result: BranchResult;
  readonly ranks: Record<Part, ClusteredRanks>;
}

interface Setting {
  readonly data: PreparedData;
  readonly queries: Record<Part, HeldOutQueries>;
}

function located(branch: FinishedBranch, artifact: string): string {
  const file = branch.locate(artifact);
  if (file === undefined) throw new Error(`evaluating ${branch.name} left no artifact '${artifact}'`);
  return file;
}

async function readModel(branch: FinishedBranch, seconds: number, { queries }: Setting): Promise<Model> {
  const result = await readBranchResult(located(branch, EVALUATED.result));
  const ranksOn = async (part: Part): Promise<ClusteredRanks> => {
    const { array: ranks } = await readNpy(located(branch, EVALUATED.ranks[part]), Int32Array);
    return clusteredRanks({ ranks }, queries[part]);
  };
  const ranks = { validation: await ranksOn('validation'), test: await ranksOn('test') };
  return { result: { ...result, model: { ...result.model, seconds } }, ranks };
}

async function readModels(
  context: StepContext,
  branches: readonly FinishedBranch[],
  setting: Setting,
): Promise<Model[]> {
  const trained = new Map(context.branches('train').finished.map(({ name, seconds }) => [name, seconds]));
  return Promise.all(branches.map((branch) => readModel(branch, trained.get(branch.name) ?? 0, setting)));
}

function warningsOf(context: StepContext, { data, queries }: Setting): string[] {
  const catalogue = catalogueSize(data);
  const small =
    catalogue < DEEPEST
      ? [
          `The catalogue has ${catalogue} items: metrics at k = ${DEEPEST} look at more items than there are, so they say little.`,
        ]
      : [];
  const asked = queryWarnings(protocolOf(context, data, queries), queries);
  [...small, ...asked].forEach((warning) => context.reporter.warn(warning));
  const branches = (['train', 'evaluate'] as const).flatMap((step) => context.branches(step).finished);
  return [
    ...data.layout.warnings,
    ...small,
    ...asked,
    ...branches.flatMap(({ name, warnings }) => warnings.map((warning) => `${name}: ${warning}`)),
  ];
}

function byName<T>(models: readonly Model[], of: (model: Model) => T): Record<string, T> {
  return Object.fromEntries(models.map((model) => [model.result.model.name, of(model)]));
}

function failures(context: StepContext): { name: string; message: string }[] {
  const failed = [...context.branches('train').failed, ...context.branches('evaluate').failed];
  return failed.filter(({ name }, i) => failed.findIndex((other) => other.name === name) === i);
}

interface Judged {
  readonly selection: Selection;
  readonly verdicts: Verdict[];
  readonly tests: PairedTest[];
}

/** Chooses on validation, and tests on the test part: by the metric of the run first, and by others it might have been. */
function judge(models: readonly Model[], metric: RankMetric, unit: string): Judged {
  const contenders: Contender[] = models.map(({ result: { model }, ranks }) => ({
    ...{ name: model.name, hasVectors: model.hasVectors },
    ranks: ranks.validation,
  }));
  const onTest = models.map(({ result: { model }, ranks }) => ({ name: model.name, ranks: ranks.test }));
  const judged = [...new Set([metric, ...TESTED])].map((name) => {
    const tests = pairedTests(onTest, name);
    const { best, none = false } = selectBest(contenders, name);
    const figures = Object.fromEntries(
      models.flatMap(({ result: { model, test } }) => {
        const figure = test.metrics[name];
        return figure === undefined ? [] : [[model.name, figure]];
      }),
    );
    return {
      tests,
      verdict: verdictOf({ metric: name, best: none ? undefined : best, figures, tests, unit }),
    };
  });
  return {
    selection: selectBest(contenders, metric),
    verdicts: judged.map(({ verdict }) => verdict),
    tests: judged.flatMap(({ tests }) => tests),
  };
}

function reportOf(context: StepContext, models: readonly Model[], setting: Setting): EvaluationReport {
  const { data, queries } = setting;
  const metric = selectionMetric(String(context.manifest.parameters['selectBy'] ?? 'auto'), data);
  const protocol = protocolOf(context, data, queries);
  const { selection, verdicts, tests } = judge(models, metric, protocol.clusters?.unit ?? 'sequences');
  return {
    format: 1,
    protocol,
    models: models.map(({ result }) => result.model),
    failedBranches: failures(context),
    metrics: {
      validation: byName(models, ({ result }) => result.validation),
      test: byName(models, ({ result }) => result.test),
    },
    selection,
    verdicts,
    pairs: { validation: [], test: tests },
    warnings: warningsOf(context, setting),
  };
}

async function run(context: StepContext): Promise<void> {
  const { finished } = context.branches('evaluate');
  if (finished.length === 0)
    throw new UserError(
      'No model could be trained and evaluated.',
      'See what went wrong with each: recsys logs',
    );
  const data = await preparedInput(context);
  const queries = {
    validation: heldOutQueries(context, data, 'validation'),
    test: heldOutQueries(context, data, 'test'),
  };
  const setting = { data, queries };
  const report = reportOf(context, await readModels(context, finished, setting), setting);
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
  needs: ['prepare', 'train', 'evaluate'],
  uses: [...QUERY_PARAMETERS, 'selectBy'],
  version: '5',
  shared: false,
  parallel: () => false,
  weight: () => 1,
  run,
};
