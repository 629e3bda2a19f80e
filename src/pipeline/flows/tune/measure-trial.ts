/** Fits a setting and measures it on validation, the only held-out part a trial is given. */
import * as path from 'node:path';
import type { ModelSpec } from '../../../protocol/run.ts';
import type { TrialResult } from '../../../protocol/tuning.ts';
import type { PreparedData } from '../../data/prepared-data.ts';
import type { Reporter } from '../../reporter.ts';
import type { StepContext } from '../../flow/step-context.ts';
import { clusteredRanks, valueOf, type ClusteredRanks } from '../../metrics/clustered-ranks.ts';
import { estimateOf } from '../../metrics/estimate.ts';
import type { RankMetric } from '../../metrics/rank-metrics.ts';
import { catalogueOf } from '../../data/catalogue.ts';
import { openRecommender, storedIn, type StoredModel } from '../../model/stored-model.ts';
import { yieldToEventLoop } from '../../yield-to-event-loop.ts';
import { askedOf } from '../next-item/asked.ts';
import { heldOutQueries } from '../next-item/evaluate/held-out-queries.ts';
import { rankQueries } from '../next-item/evaluate/rank-queries.ts';
import { selectionMetric } from '../next-item/report/selection-metric.ts';
import { fitModel } from '../next-item/train/fit-model.ts';

const SHOWN: readonly RankMetric[] = ['hitRate@10', 'hitRate@100', 'ndcg@10', 'mrr@10'];

export interface MeasuredTrial {
  readonly result: TrialResult;
  readonly ranks: Int32Array;
}

/** Curves of dozens of short trainings say little, and weigh much on the card. */
function withoutCurve(reporter: Reporter): Reporter {
  return {
    progress: (stage, done, total, unit) => reporter.progress(stage, done, total, unit),
    loss: () => undefined,
    info: (message) => reporter.info(message),
    warn: (message) => reporter.warn(message),
  };
}

/** Ranks of the validation queries, which every trial and model has, by clusters. */
export function onValidation(context: StepContext, data: PreparedData, ranks: Int32Array): ClusteredRanks {
  return clusteredRanks({ ranks }, heldOutQueries(context, data, 'validation'));
}

/**
 * @param data without their test part
 */
export async function measureTrial(
  context: StepContext,
  trial: ModelSpec,
  data: PreparedData,
): Promise<MeasuredTrial> {
  const files: Record<string, { file: string }> = {};
  const begun = performance.now();
  const { parameters } = await fitModel({ ...context, reporter: withoutCurve(context.reporter) }, trial, {
    data,
    asked: askedOf(context, data),
    membersFrom: 'train',
    write: async (name, file, fill) => {
      const place = path.join(context.scratch, file);
      await fill(place);
      files[name] = { file };
    },
  });
  const seconds = (performance.now() - begun) / 1000;
  const stored = storedIn(context.scratch, { kind: trial.kind, files, members: [] });
  const ranks = await rankOnValidation(context, stored, data);
  const metric = metricOf(context, data);
  const measured = onValidation(context, data, ranks);
  const metrics = Object.fromEntries(SHOWN.map((name) => [name, valueOf(measured, name)]));
  const estimate = estimateOf(measured, metric);
  return { ranks, result: { format: 1, trial: trial.name, parameters, metric, estimate, metrics, seconds } };
}

/** The validation metric that decides, as in a run. */
export function metricOf({ manifest }: StepContext, data: PreparedData): RankMetric {
  return selectionMetric(String(manifest.parameters['selectBy'] ?? 'auto'), data);
}

async function rankOnValidation(
  context: StepContext,
  stored: StoredModel,
  data: PreparedData,
): Promise<Int32Array> {
  const { reporter, signal, seed, deterministic } = context;
  const recommender = await openRecommender(stored, { catalogue: catalogueOf(data), seed, deterministic });
  const queries = heldOutQueries(context, data, 'validation');
  const ranks = await rankQueries(recommender, queries, recommender.ownRule, {
    pause: (done) => {
      reporter.progress('ranking validation', done, queries.targets.length, 'queries');
      return yieldToEventLoop(signal);
    },
  });
  return ranks[askedOf(context, data).seen];
}
