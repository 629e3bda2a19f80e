import { trainingSequences } from '../../data/prepared-data.ts';
import { tieOrder } from '../../seeded-random.ts';
import { checkedParameters } from '../checked-parameters.ts';
import { readFitted, writeFitted } from '../fitted-parameters.ts';
import type { FitContext, FitResult, ModelKind } from '../model-kind.ts';
import { readSparse, writeSparse } from '../sparse-matrix.ts';
import { tuningMetric } from '../tuning-metric.ts';
import { takeBreath } from '../take-breath.ts';
import { normalisedMatrix } from './matrix.ts';
import { indexOccurrences, type Occurrences } from '../occurrences.ts';
import { knnParameters, knnSearch, type KnnParameters } from './parameters.ts';
import { knnScorer } from './scorer.ts';
import { tune } from './tuning.ts';

async function fit(context: FitContext): Promise<FitResult> {
  const { data, reporter, signal } = context;
  const given = checkedParameters('sequential-item-knn', knnParameters, context.parameters);
  const itemCount = data.trainCounts.length;
  const ties = tieOrder(itemCount, context.seed);
  const index = indexOccurrences(trainingSequences(data), itemCount);
  const { parameters, metrics } = given.tune
    ? await tuned(context, given, index, ties)
    : { parameters: given, metrics: {} };
  const matrix = await normalisedMatrix(index, parameters, ties, (rows) => {
    reporter.progress('counting co-occurrences', rows, itemCount, 'items');
    return takeBreath(signal);
  });
  reporter.progress('counting co-occurrences', itemCount, itemCount, 'items');
  await writeSparse(context.write, 'neighbours', matrix);
  await writeFitted(context.write, parameters);
  return { metrics: { ...metrics, entries: matrix.targets.length }, parameters };
}

async function tuned(
  context: FitContext,
  start: KnnParameters,
  index: Occurrences,
  ties: Uint32Array,
): Promise<{ parameters: KnnParameters; metrics: Record<string, number> }> {
  const { data, positions, seed, reporter } = context;
  const metric = tuningMetric(start.tuneBy, context, 'ndcg@100');
  const fixed = new Set(context.given);
  const result = await tune({
    data,
    index,
    start,
    fixed,
    metric,
    positions,
    ties,
    seed,
    progress: (done, total) => {
      reporter.progress('tuning on validation', done, total, 'settings');
      return takeBreath(context.signal);
    },
  });
  reporter.info(
    `Tuned on ${result.queries} validation queries: ${metric} ${result.value.toFixed(4)} with ${JSON.stringify(result.parameters)}.`,
  );
  return {
    parameters: result.parameters,
    metrics: { [`tuning ${metric}`]: result.value, 'tuning queries': result.queries },
  };
}

/** Directional, decayed co-occurrence counts with shrunk popularity normalisation (shared/models.md gives the formula). */
export const sequentialItemKnn: ModelKind = {
  name: 'sequential-item-knn',
  title: 'Sequential item-kNN',
  description:
    'Counts which items follow which, nearer ones more, and adds up the normalised counts of the last items of the query; no training.',
  parameters: knnParameters,
  search: knnSearch,
  queryStated: 'the newest items of the list, older ones fading (decayed list)',
  parallel: false,
  fits: () => true,
  fit,
  async open({ data, locate }) {
    const [matrix, parameters] = await Promise.all([
      readSparse(locate, 'neighbours'),
      readFitted(locate('parameters'), 'sequential-item-knn', knnParameters),
    ]);
    return knnScorer(matrix, parameters, data.trainCounts.length);
  },
};
