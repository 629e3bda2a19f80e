import { trainingSequences } from '../../data/prepared-data.ts';
import { tieOrder } from '../../seeded-random.ts';
import { checkedParameters } from '../fitting/checked-parameters.ts';
import { tunedIfAsked } from '../fitting/count-tuning.ts';
import { readFitted, writeFitted } from '../fitting/fitted-parameters.ts';
import type { FitContext, FitResult } from '../fitting/fit-context.ts';
import type { ModelKind } from '../model-kind.ts';
import { readSparse, writeSparse } from '../fitting/sparse-matrix.ts';
import { yieldToEventLoop } from '../../yield-to-event-loop.ts';
import { normalisedMatrix } from './matrix.ts';
import { indexOccurrences } from '../fitting/occurrences.ts';
import { knnParameters, knnSearch, knnVariants } from './parameters.ts';
import { knnScorer } from './scorer.ts';
import { tune } from './tuning.ts';
import { knnMemory } from './memory.ts';

async function fit(context: FitContext): Promise<FitResult> {
  const { data, reporter, signal } = context;
  const start = checkedParameters('sequential-item-knn', knnParameters, context.parameters);
  const itemCount = data.trainCounts.length;
  const ties = tieOrder(itemCount, context.seed);
  const index = indexOccurrences(trainingSequences(data), itemCount);
  const { parameters, metrics } = await tunedIfAsked(context, { index, start, ties, tune });
  const matrix = await normalisedMatrix(index, parameters, ties, (rows) => {
    reporter.progress('counting co-occurrences', rows, itemCount, 'items');
    return yieldToEventLoop(signal);
  });
  reporter.progress('counting co-occurrences', itemCount, itemCount, 'items');
  await writeSparse(context.write, 'neighbours', matrix);
  await writeFitted(context.write, parameters);
  return { metrics: { ...metrics, entries: matrix.targets.length }, parameters };
}

/** Directional, decayed co-occurrence counts with shrunk popularity normalisation (shared/models.md gives the formula). */
export const sequentialItemKnn: ModelKind = {
  name: 'sequential-item-knn',
  title: 'Sequential item-kNN',
  version: '3',
  description:
    'Counts which items follow which, nearer ones more, and adds up the normalised counts of the last items of the query; no training.',
  parameters: knnParameters,
  search: knnSearch,
  variants: knnVariants,
  queryStated: 'the newest items of the list, older ones fading (decayed list)',
  parallel: false,
  fits: () => true,
  memory: knnMemory,
  fit,
  async open({ catalogue, locate }) {
    const [matrix, parameters] = await Promise.all([
      readSparse(locate, 'neighbours'),
      readFitted(locate('parameters'), 'sequential-item-knn', knnParameters),
    ]);
    return knnScorer(matrix, parameters, catalogue.trainCounts.length);
  },
};
