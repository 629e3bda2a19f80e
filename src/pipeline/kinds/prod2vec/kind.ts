import { UserError } from '../../../protocol/user-error.ts';
import { trainingSequences } from '../../data/prepared-data.ts';
import { writeNpy } from '../../data/npy.ts';
import type { ItemVectors } from '../ranking/scorer.ts';
import type { FitContext, FitResult } from '../fitting/fit-context.ts';
import type { ModelKind } from '../model-kind.ts';
import { yieldToEventLoop } from '../../yield-to-event-loop.ts';
import { tuningMetric } from '../fitting/tuning-metric.ts';
import { EarlyStopping, EPOCH_QUERIES } from '../fitting/early-stopping.ts';
import { validationSample } from '../fitting/validation-sample.ts';
import { checkedProd2vec, PROD2VEC_PARAMETERS, PROD2VEC_SEARCH } from './parameters.ts';
import { cosineScorer } from './scorer.ts';
import { trainProd2vec, type TrainedVectors, type TrainProgress } from './train.ts';
import { trainedOnly } from './trained-rows.ts';
import { prod2vecMemory } from './memory.ts';
import { prod2vecVectors } from './vectors.ts';

/** Passes progress on, and one point of the loss curve for every finished epoch. */
function progressTo(context: FitContext, validation: Map<number, number>): (progress: TrainProgress) => void {
  let plotted = 0;
  return ({ epoch, epochs, words, totalWords, loss, alpha }) => {
    context.reporter.progress(`epoch ${Math.min(epoch + 1, epochs)} of ${epochs}`, words, totalWords, 'rows');
    if (epoch <= plotted || !Number.isFinite(loss)) return;
    plotted = epoch;
    const measured = validation.get(epoch);
    context.reporter.loss({
      epoch,
      loss,
      alpha,
      ...(measured === undefined ? {} : { validation: measured }),
    });
  };
}

/** Judges epochs on validation. */
function stoppingOf(context: FitContext, patience: number): EarlyStopping {
  const { data, seed, signal } = context;
  return new EarlyStopping({
    sample: validationSample(context, 'early stopping', EPOCH_QUERIES),
    metric: tuningMetric('auto', context),
    trainCounts: data.trainCounts,
    ...{ seed, patience },
    pause: () => yieldToEventLoop(signal),
  });
}

async function fit(context: FitContext): Promise<FitResult> {
  const { data, seed, threads, deterministic, signal } = context;
  const parameters = checkedProd2vec(context.parameters);
  const { trainCounts } = data;
  const stopping = parameters.patience === 0 ? undefined : stoppingOf(context, parameters.patience);
  const validation = new Map<number, number>();
  const trained = await trainProd2vec({
    sequences: trainingSequences(data),
    itemCount: data.trainCounts.length,
    parameters,
    seed,
    threads,
    deterministic,
    signal,
    onProgress: progressTo(context, validation),
    ...(stopping === undefined
      ? {}
      : {
          afterEpoch: async (access, epoch) => {
            const vectors = trainedOnly(access, access.vectors(), access.trained());
            const verdict = await stopping.judge(
              cosineScorer(vectors, trainCounts.length, deterministic),
              epoch,
            );
            validation.set(epoch, verdict.score);
            return verdict;
          },
        }),
  });
  const vectors = servedVectors(context, trained);
  await context.write('vectors', 'vectors.npy', (file) =>
    writeNpy(file, vectors.values, [vectors.items.length, vectors.dimension]),
  );
  await context.write('vectorItems', 'vector-items.npy', (file) => writeNpy(file, vectors.items));
  if (stopping !== undefined && trained.epochsRun < parameters.epochs) {
    context.reporter.info(
      `Stopped after epoch ${trained.epochsRun}: ${stopping.metric} on validation was best after epoch ${trained.bestEpoch}.`,
    );
  }
  const rates = {
    wordsPerSecond: trained.wordsPerSecond,
    epochs: trained.epochsRun,
    bestEpoch: trained.bestEpoch,
  };
  const loss = trained.losses.at(-1) ?? NaN;
  const measured = { vocabulary: vectors.items.length, ...(Number.isFinite(loss) ? { loss } : {}) };
  return {
    metrics: deterministic ? measured : { ...measured, ...rates },
    parameters,
    ...(stopping === undefined ? {} : { refit: { epochs: trained.bestEpoch } }),
  };
}

/**
 * Vectors that say something of their items: those that training moved.
 * @throws UserError where it moved fewer than two
 */
function servedVectors({ reporter }: FitContext, trained: TrainedVectors): ItemVectors {
  const vectors = trainedOnly(trained, trained.vectors, trained.trained);
  const [all, kept] = [trained.items.length, vectors.items.length];
  if (kept < 2)
    throw new UserError(
      'No training sequence holds two items that can be learnt from, so no item vector was trained.',
      'Lower --min-count, give longer sequences, or set --sample to 0.',
    );
  if (kept < all)
    reporter.warn(
      `${all - kept} of ${all} items have no vector: they stand alone in their training sequences, or all their rows were sub-sampled away. Prod2vec does not know them.`,
    );
  return vectors;
}

/** Item embeddings by word2vec over sequences (Grbovic et al. 2015), scored by cosine. */
export const prod2vec: ModelKind = {
  name: 'prod2vec',
  title: 'Prod2vec',
  version: '4',
  description:
    'Item vectors trained by word2vec (CBOW or skip-gram) on the sequences; recommends the nearest by cosine.',
  parameters: PROD2VEC_PARAMETERS,
  search: PROD2VEC_SEARCH,
  queryStated: 'the last item, which itself is never recommended',
  parallel: true,
  fits: () => true,
  memory: prod2vecMemory,
  fit,
  vectors: prod2vecVectors,
  async open(context) {
    const vectors = await prod2vecVectors.read(context);
    return cosineScorer(vectors, context.catalogue.trainCounts.length, context.deterministic);
  },
};
