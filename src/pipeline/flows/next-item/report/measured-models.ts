/** The models of a run as they were measured, put in order and tested against each other. */
import type { EvaluationReport, PairedTest, Selection, Verdict } from '../../../../protocol/report.ts';
import { readNpy } from '../../../data/npy.ts';
import type { PreparedData } from '../../../data/prepared-data.ts';
import type { FinishedBranch, StepContext } from '../../../flow/step-context.ts';
import { clusteredRanks, type ClusteredRanks } from '../../../metrics/clustered-ranks.ts';
import { pairedTests } from '../../../metrics/paired-test.ts';
import type { RankMetric } from '../../../metrics/rank-metrics.ts';
import { EVALUATED, readBranchResult, type BranchResult } from '../evaluate/branch-result.ts';
import { heldOutQueries, type HeldOutQueries } from '../evaluate/held-out-queries.ts';
import { preparedInput } from '../prepared-input.ts';
import { testedData } from '../refit/refits.ts';
import { selectBest, type Contender } from './select-best.ts';
import { verdictOf } from './verdict.ts';

type Part = 'validation' | 'test';

/** Metrics of the paired tests, by each of which a person may choose. */
const TESTED: readonly RankMetric[] = [
  ...(['hitRate@10', 'hitRate@20', 'hitRate@50', 'hitRate@100'] as const),
  ...(['ndcg@10', 'ndcg@100', 'mrr@10'] as const),
];
/** A model of the run, measured on both parts. */
export interface MeasuredModel {
  readonly result: BranchResult;
  readonly ranks: Record<Part, ClusteredRanks>;
}

/** What the models were measured on. */
export interface Setting {
  readonly data: PreparedData;
  /** The data as the models that were tested were trained on them. */
  readonly tested: PreparedData;
  readonly queries: Record<Part, HeldOutQueries>;
}

/** Both held-out parts of the prepared data. */
export async function settingOf(context: StepContext): Promise<Setting> {
  const data = await preparedInput(context);
  const validation = heldOutQueries(context, data, 'validation');
  const test = heldOutQueries(context, data, 'test');
  return { data, tested: testedData(context, data), queries: { validation, test } };
}

/** What a report says of its models by themselves. */
export function measuredPart(
  models: readonly MeasuredModel[],
  protocol: EvaluationReport['protocol'],
  failedBranches: EvaluationReport['failedBranches'],
): Pick<EvaluationReport, 'format' | 'protocol' | 'models' | 'failedBranches' | 'metrics'> {
  return {
    format: 1,
    protocol,
    models: models.map(({ result }) => result.model),
    failedBranches,
    metrics: {
      validation: byName(models, ({ result }) => result.validation),
      test: byName(models, ({ result }) => result.test),
    },
  };
}

function located(branch: FinishedBranch, artifact: string): string {
  const file = branch.locate(artifact);
  if (file === undefined) throw new Error(`evaluating ${branch.name} left no artifact '${artifact}'`);
  return file;
}

async function readModel(
  branch: FinishedBranch,
  seconds: number,
  { queries }: Setting,
): Promise<MeasuredModel> {
  const result = await readBranchResult(located(branch, EVALUATED.result));
  const ranksOn = async (part: Part): Promise<ClusteredRanks> => {
    const { array: ranks } = await readNpy(located(branch, EVALUATED.ranks[part]), Int32Array);
    return clusteredRanks({ ranks }, queries[part]);
  };
  const ranks = { validation: await ranksOn('validation'), test: await ranksOn('test') };
  return { result: { ...result, model: { ...result.model, seconds } }, ranks };
}

/**
 * Models in the order of the run.
 * @param trainedBy the steps that trained them, one after the other
 * @param evaluatedBy the step that measured them
 */
export async function readModels(
  context: StepContext,
  trainedBy: readonly string[],
  evaluatedBy: string,
  setting: Setting,
): Promise<MeasuredModel[]> {
  const trainings = trainedBy.flatMap((step) => context.branches(step).finished);
  const secondsOf = (model: string): number =>
    trainings.reduce((sum, { name, seconds }) => sum + (name === model ? seconds : 0), 0);
  const { finished } = context.branches(evaluatedBy);
  return Promise.all(finished.map((branch) => readModel(branch, secondsOf(branch.name), setting)));
}

/** A figure of each model, by its name. */
export function byName<T>(
  models: readonly MeasuredModel[],
  of: (model: MeasuredModel) => T,
): Record<string, T> {
  return Object.fromEntries(models.map((model) => [model.result.model.name, of(model)]));
}

export interface Judged {
  readonly selection: Selection;
  readonly verdicts: Verdict[];
  readonly tests: PairedTest[];
}

/**
 * Chooses on validation, and tests on the test part: by the metric of the run first, and by others it might have been.
 * @param unit what was split: "users"
 * @param chosen the model that was chosen otherwise, whatever the figures
 */
export function judge(
  models: readonly MeasuredModel[],
  metric: RankMetric,
  unit: string,
  chosen?: string,
): Judged {
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
      verdict: verdictOf({ metric: name, best: chosen ?? (none ? undefined : best), figures, tests, unit }),
    };
  });
  return {
    selection: selectBest(contenders, metric),
    verdicts: judged.map(({ verdict }) => verdict),
    tests: judged.flatMap(({ tests }) => tests),
  };
}
