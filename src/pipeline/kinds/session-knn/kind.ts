import { trainingSequences } from '../../data/prepared-data.ts';
import { tieOrder } from '../../seeded-random.ts';
import { checkedParameters } from '../fitting/checked-parameters.ts';
import { tunedIfAsked } from '../fitting/count-tuning.ts';
import { readFitted, writeFitted } from '../fitting/fitted-parameters.ts';
import type { FitContext, FitResult } from '../fitting/fit-context.ts';
import { readSequences, writeSequences } from '../fitting/kept-sequences.ts';
import type { ModelKind } from '../model-kind.ts';
import { sessionKnnParameters, sessionKnnSearch, sessionKnnVariants } from './parameters.ts';
import { sessionScorer } from './scorer.ts';
import { indexSequences } from './sequence-index.ts';
import { tune } from './tuning.ts';
import { sessionMemory } from './memory.ts';

async function fit(context: FitContext): Promise<FitResult> {
  const { data, write } = context;
  const start = checkedParameters('session-knn', sessionKnnParameters, context.parameters);
  const index = indexSequences(trainingSequences(data), data.trainCounts.length);
  const ties = tieOrder(index.itemCount, context.seed);
  const { parameters, metrics } = await tunedIfAsked(context, { index, start, ties, tune });
  await writeSequences(write, { items: index.items, offsets: index.bounds });
  await writeFitted(write, parameters);
  return { metrics: { ...metrics, sequences: index.sequenceCount }, parameters };
}

/**
 * Session-based nearest neighbours (VS-kNN, Ludewig & Jannach 2018; STAN, Garg et al. 2019); docs/models.md gives the
 * formula. The inverted index is made when the model is opened: that takes less time than reading it would.
 */
export const sessionKnn: ModelKind = {
  name: 'session-knn',
  title: 'Session kNN',
  version: '3',
  description:
    'Finds the training sequences most like the list and lets them vote for their items, those near the shared ones more; no training.',
  parameters: sessionKnnParameters,
  search: sessionKnnSearch,
  variants: sessionKnnVariants,
  queryStated: 'the training sequences most similar to the list, its older items fading (decayed list)',
  parallel: false,
  fits: () => true,
  memory: sessionMemory,
  fit,
  async open({ catalogue, locate }) {
    const [sequences, parameters] = await Promise.all([
      readSequences(locate),
      readFitted(locate('parameters'), 'session-knn', sessionKnnParameters),
    ]);
    const { trainCounts } = catalogue;
    const index = indexSequences(sequences, trainCounts.length);
    return sessionScorer(index, parameters, trainCounts);
  },
};
