import * as fs from 'node:fs/promises';
import type { EvaluationReport, PairedTest } from '../../../protocol/report.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { readNpy } from '../../data/npy.ts';
import type { PreparedData } from '../../data/prepared-data.ts';
import type { StepDefinition } from '../../flow/flow-definition.ts';
import type { FinishedBranch, StepContext } from '../../flow/step-context.ts';
import { bootstrap, type Replicates } from '../../metrics/bootstrap.ts';
import { pairedTest } from '../../metrics/paired-test.ts';
import { DEEPEST, isRankMetric, type RankMetric } from '../../metrics/rank-metrics.ts';
import { EVALUATED, readBranchResult, type BranchResult } from '../evaluate/branch-result.ts';
import {
  heldOutQueries,
  protocolOf,
  QUERY_PARAMETERS,
  type HeldOutQueries,
} from '../evaluate/held-out-queries.ts';
import { queryWarnings } from '../evaluate/query-warnings.ts';
import { preparedInput } from '../prepared-input.ts';
import { selectBest } from './select-best.ts';

type Part = 'validation' | 'test';
const TESTED: readonly RankMetric[] = ['hitRate@10', 'hitRate@100', 'ndcg@10'];

/** The metrics of the paired tests: always the same ones, and the one that models are selected by. */
function testedWith(selectedBy: RankMetric): readonly RankMetric[] {
  return TESTED.includes(selectedBy) ? TESTED : [...TESTED, selectedBy];
}

interface Model {
  readonly result: BranchResult;
  readonly replicates: Record<Part, Replicates>;
}

interface Setting {
  readonly data: PreparedData;
  readonly queries: Record<Part, HeldOutQueries>;
  readonly samples: number;
  readonly seed: number;
}

function located(branch: FinishedBranch, artifact: string): string {
  const file = branch.locate(artifact);
  if (file === undefined) throw new Error(`evaluating ${branch.name} left no artifact '${artifact}'`);
  return file;
}

/** Replicates of all models on one part, from the same draws. */
async function replicatesOfPart(
  branches: readonly FinishedBranch[],
  part: Part,
  setting: Setting,
): Promise<Replicates[]> {
  const tables = await Promise.all(
    branches.map(async (branch) => ({
      ranks: (await readNpy(located(branch, EVALUATED.ranks[part]), Int32Array)).array,
    })),
  );
  return bootstrap(tables, setting.queries[part], { samples: setting.samples, seed: setting.seed, part });
}

async function readModels(
  context: StepContext,
  branches: readonly FinishedBranch[],
  setting: Setting,
): Promise<Model[]> {
  const trained = new Map(context.branches('train').finished.map(({ name, seconds }) => [name, seconds]));
  const validation = await replicatesOfPart(branches, 'validation', setting);
  const test = await replicatesOfPart(branches, 'test', setting);
  const models = await Promise.all(
    branches.map(async (branch, i): Promise<Model[]> => {
      const read = await readBranchResult(located(branch, EVALUATED.result));
      const result = { ...read, model: { ...read.model, seconds: trained.get(branch.name) ?? 0 } };
      const [onValidation, onTest] = [validation[i], test[i]];
      return onValidation === undefined || onTest === undefined
        ? []
        : [{ result, replicates: { validation: onValidation, test: onTest } }];
    }),
  );
  return models.flat();
}

/** Paired tests between any two models. */
function allPairs(models: readonly Model[], part: Part, tested: readonly RankMetric[]): PairedTest[] {
  return models.flatMap((a, i) =>
    models
      .slice(i + 1)
      .flatMap((b) =>
        tested.map((metric) =>
          pairedTest(
            { name: a.result.model.name, replicates: a.replicates[part] },
            { name: b.result.model.name, replicates: b.replicates[part] },
            metric,
          ),
        ),
      ),
  );
}

/** Items with training rows. */
function catalogueOf({ trainCounts }: PreparedData): number {
  return trainCounts.reduce((count, rows) => count + (rows > 0 ? 1 : 0), 0);
}

/**
 * The metric that chooses: `auto` is hitRate@100, the reference's; by leave-one-out, and where the catalogue has fewer than
 * 100 items, ndcg@10.
 */
export function selectionMetric(selectBy: string, data: PreparedData): RankMetric {
  if (isRankMetric(selectBy)) return selectBy;
  return data.layout.leaveOneOut || catalogueOf(data) < DEEPEST ? 'ndcg@10' : 'hitRate@100';
}

function warningsOf(context: StepContext, { data, queries }: Setting): string[] {
  const catalogue = catalogueOf(data);
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

function reportOf(context: StepContext, models: readonly Model[], setting: Setting): EvaluationReport {
  const { data, queries } = setting;
  const parameters = context.manifest.parameters;
  const metric = selectionMetric(String(parameters['selectBy'] ?? 'auto'), data);
  const tested = testedWith(metric);
  const contenders = models.map(({ result, replicates }) => ({
    name: result.model.name,
    hasVectors: result.model.hasVectors,
    replicates: replicates.validation,
  }));
  return {
    format: 1,
    protocol: protocolOf(context, data, queries),
    models: models.map(({ result }) => result.model),
    failedBranches: failures(context),
    metrics: {
      validation: byName(models, ({ result }) => result.validation),
      test: byName(models, ({ result }) => result.test),
    },
    selection: selectBest(contenders, metric),
    pairs: { validation: allPairs(models, 'validation', tested), test: allPairs(models, 'test', tested) },
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
  const { parameters } = context.manifest;
  const queries = {
    validation: heldOutQueries(context, data, 'validation'),
    test: heldOutQueries(context, data, 'test'),
  };
  const setting = {
    data,
    queries,
    samples: Number(parameters['bootstrapSamples'] ?? 1000),
    seed: context.seed,
  };
  const report = reportOf(context, await readModels(context, finished, setting), setting);
  context.reporter.info(report.selection.why);
  const best = report.selection.best;
  for (const part of ['validation', 'test'] as const) {
    for (const metric of new Set<string>([...TESTED, report.selection.metric]))
      context.metric(`${part} ${metric}`, report.metrics[part][best]?.metrics[metric]?.value ?? 0);
  }
  await context.write('report', 'report.json', (file) =>
    fs.writeFile(file, `${JSON.stringify(report, null, 1)}\n`),
  );
}

/** Joins the evaluations: chooses the best model, tests all pairs, writes the report. */
export const reportStep: StepDefinition = {
  name: 'report',
  title: 'Report',
  needs: ['prepare', 'train', 'evaluate'],
  uses: [...QUERY_PARAMETERS, 'bootstrapSamples', 'selectBy'],
  version: '3',
  shared: false,
  parallel: () => false,
  weight: () => 1,
  run,
};
