import { writeNpy } from '../../data/npy.ts';
import { trainingSequences } from '../../data/prepared-data.ts';
import { checkedParameters } from '../fitting/checked-parameters.ts';
import { vocabularySize } from '../fitting/data-size.ts';
import { writeFitted } from '../fitting/fitted-parameters.ts';
import type { FitContext, FitResult } from '../fitting/fit-context.ts';
import type { ModelKind } from '../model-kind.ts';
import { yieldToEventLoop } from '../../yield-to-event-loop.ts';
import { tuningMetric } from '../fitting/tuning-metric.ts';
import { validationSample } from '../fitting/validation-sample.ts';
import { trainingWarnings } from './data-warnings.ts';
import { withColdItems, type EncoderModel } from './encoder-model.ts';
import type { Fit } from './fit.ts';
import { encoderParameters, type EncoderParameters } from './parameters.ts';
import { readEncoder } from './read-encoder.ts';
import { encoderSearch } from './search.ts';
import { encoderScorer } from './scorer.ts';
import { newestPositions } from './newest-positions.ts';
import { suitedTo } from './session-settings.ts';
import { chooseHeads, chooseSizes, sizeOf } from './sizes.ts';
import { trainHeads } from './train-heads.ts';
import type { TrainedEncoder } from './train.ts';
import { buildTrainingSet, type TrainingSet } from './training-set.ts';
import { searchTraining } from './tuning.ts';
import { biasOf, itemSignals } from './weight-parts.ts';
import { searchWeights } from './weights.ts';
import { encoderMemory } from './memory.ts';
import { encoderVectors } from './vectors.ts';

/** Validation queries the parameters are chosen on, at most. */
const TUNING_QUERIES = 4000;
/** By leave-one-out queries are short, catalogues small, and each sequence is worth one query only. */
const TUNING_QUERIES_OF_ONE = 5000;

async function fit(context: FitContext): Promise<FitResult> {
  const { data, reporter } = context;
  const given = checkedParameters('recency-encoder', encoderParameters, context.parameters);
  const sequences = trainingSequences(data);
  const fitting: Fit = {
    context,
    sequences,
    signals: itemSignals(sequences, data.trainCounts, data.layout.timeOrdered),
    sample: validationSample(
      context,
      'encoder',
      data.layout.leaveOneOut ? TUNING_QUERIES_OF_ONE : TUNING_QUERIES,
    ),
    metric: tuningMetric(given.tuneBy, context),
  };
  const hasValidation = fitting.sample.queries.length > 0;
  if (given.tune && !hasValidation)
    reporter.warn('There are no validation queries, so the recency encoder searches no parameters.');
  const tunes = given.tune && hasValidation;
  const newest = newestOf(fitting, given);
  const set = await trainingSetOf(fitting, given, newest);
  const { start, isSettled } = startFor(fitting, set, given);
  const searches = tunes && given.tuneMinutes > 0 && !isSettled;
  const parameters = searches ? await tuned(fitting, start, newest) : start;
  const askedNegatives = context.given.includes('negatives') ? given.negatives : undefined;
  for (const warning of trainingWarnings(set, askedNegatives)) reporter.warn(warning);
  const size = sizeOf(set, parameters.history);
  const training = chooseSizes(parameters, size, context.seen === 'removed');
  const heads = chooseHeads(parameters, training, size);
  const trained = await trainHeads(fitting, parameters, set, { training, heads });
  const model = complete(fitting, parameters, trained.model);
  const weighted = tunes ? await withWeights(fitting, parameters, model) : parameters;
  const used: EncoderParameters = {
    ...weighted,
    vectorSize: training.dimensions,
    heads: model.heads,
    negatives: training.negatives,
    epochs: training.epochs,
    newest: Number.isFinite(newest) ? newest : 0,
  };
  await write(context, model, used, biasOf(model, fitting.signals, used));
  const { bestEpoch = 0 } = trained.heads.at(-1) ?? {};
  return {
    metrics: metricsOf(trained.heads, model, set, context.deterministic),
    parameters: used,
    ...(bestEpoch > 0 ? { refit: { epochs: bestEpoch } } : {}),
  };
}

/** A person who gives one of these has training parameters searched for sessions too. */
const ASK_FOR_SEARCH = ['tune', 'tuneMinutes'];

interface Start {
  readonly start: EncoderParameters;
  /** Whether what training parameters start at is what they stay. */
  readonly isSettled: boolean;
}

/** Where the search begins: at what suits sessions, where lists are such, and it is not worth its time. */
function startFor({ context }: Fit, set: TrainingSet, given: EncoderParameters): Start {
  if (!given.tune || context.seen === 'removed') return { start: given, isSettled: false };
  const start = suitedTo(set, given, context.given);
  if (start === given) return { start, isSettled: false };
  const isSettled = !context.given.some((name) => ASK_FOR_SEARCH.includes(name));
  context.reporter.info(
    `Lists repeat their items, as sessions do: the settings ${isSettled ? 'are' : 'start at'} what suits sessions (temperature ${start.temperature}, ${start.epochs} epochs).`,
  );
  return { start, isSettled };
}

async function trainingSetOf(
  { context, sequences }: Fit,
  { minCount }: EncoderParameters,
  newest: number,
): Promise<TrainingSet> {
  const set = await buildTrainingSet(sequences, context.data.trainCounts.length, {
    ...{ minCount, newest },
    skipRepeats: context.seen === 'removed',
  });
  if (Number.isFinite(newest))
    context.reporter.info(
      `Learning from the newest ${newest} rows of each list: ${set.positions.length} of ${set.tokens.length}.`,
    );
  return set;
}

function newestOf({ context, sequences }: Fit, { newest }: EncoderParameters): number {
  const { offsets } = sequences;
  return newestPositions(newest, {
    lengths: Array.from(offsets.subarray(1), (end, at) => end - (offsets[at] ?? 0)),
    items: vocabularySize(context.data, 1).items,
    askedAtEnd: context.data.layout.leaveOneOut,
  });
}

async function tuned(fitting: Fit, start: EncoderParameters, newest: number): Promise<EncoderParameters> {
  const { context, sequences, sample, metric } = fitting;
  const { data, seed, threads, deterministic, memoryLimit, signal, reporter } = context;
  const result = await searchTraining({
    data,
    sequences,
    timeOrdered: data.layout.timeOrdered,
    start,
    newest,
    fixed: new Set(context.given),
    sample,
    metric,
    seed,
    threads,
    deterministic,
    memoryLimit,
    signal,
    progress: (trial, of) => reporter.progress('tuning on validation', trial, of, 'trainings'),
    pause: () => yieldToEventLoop(signal),
  });
  const { fade, temperature, queryDropout, learningRate } = result.parameters;
  reporter.info(
    `Tuned on ${sample.queries.length} validation queries with ${result.trials} short trainings of ${result.positions} positions: ` +
      `${metric} ${result.value.toFixed(4)} with fade ${fade}, temperature ${temperature}, query dropout ${queryDropout}, learning rate ${learningRate}.`,
  );
  return result.parameters;
}

/** The model with vectors for cold items too, where the data have groups. */
function complete(
  { context }: Fit,
  { coldItems, coldShrinkage }: EncoderParameters,
  model: EncoderModel,
): EncoderModel {
  const { itemGroups, catalogue } = context.data;
  return itemGroups === undefined || !coldItems
    ? model
    : withColdItems(model, { groups: itemGroups, catalogue }, coldShrinkage);
}

async function withWeights(
  { context, signals, sample, metric }: Fit,
  parameters: EncoderParameters,
  model: EncoderModel,
): Promise<EncoderParameters> {
  const { data, reporter, seed, signal, deterministic } = context;
  reporter.progress('choosing weights on validation', 0, 0, 'queries');
  const { chosen, value } = await searchWeights({
    model,
    signals,
    sample,
    temperature: parameters.temperature,
    start: parameters,
    fixed: new Set(context.given),
    metric,
    trainCounts: data.trainCounts,
    seed,
    deterministic,
    once: false,
    pause: () => yieldToEventLoop(signal),
  });
  reporter.info(
    `Weights chosen on validation: ${metric} ${value.toFixed(4)} with ${JSON.stringify(chosen)}.`,
  );
  return { ...parameters, ...chosen };
}

async function write(
  { write: writeArtifact }: FitContext,
  model: EncoderModel,
  parameters: EncoderParameters,
  bias: Float32Array,
): Promise<void> {
  const { dimensions, items } = model;
  const matrix = (name: string, file: string, values: Float32Array, rows: number): Promise<void> =>
    writeArtifact(name, file, (target) => writeNpy(target, values, [rows, dimensions]));
  await matrix('vectors', 'vectors.npy', model.vectors, items.length);
  await matrix('outputs', 'outputs.npy', model.outputs, items.length);
  await matrix('lagWeights', 'lag-weights.npy', model.lagWeights, model.lagWeights.length / dimensions);
  await writeArtifact('vectorItems', 'vector-items.npy', (file) => writeNpy(file, items));
  await writeArtifact('bias', 'bias.npy', (file) => writeNpy(file, bias));
  await writeFitted(writeArtifact, parameters);
}

function metricsOf(
  heads: readonly TrainedEncoder[],
  model: EncoderModel,
  set: TrainingSet,
  deterministic: boolean,
): Record<string, number> {
  const last = heads.at(-1);
  const epochs = heads.reduce((sum, { losses }) => sum + losses.length, 0);
  const seconds = heads.reduce((sum, head) => sum + head.seconds, 0);
  const measured = {
    vocabulary: model.recommended,
    coldItems: model.recommended - model.trained,
    loss: last?.losses.at(-1) ?? 0,
    heads: model.heads,
    epochs,
    bestEpoch: last?.bestEpoch ?? 0,
  };
  return deterministic
    ? measured
    : { ...measured, positionsPerSecond: (set.positions.length * epochs) / seconds };
}

/** A linear encoder of the newest items with a cosine sampled softmax (docs/models.md). */
export const recencyEncoder: ModelKind = {
  name: 'recency-encoder',
  title: 'Recency encoder',
  version: '9',
  description:
    'A linear encoder of the newest items trained with a sampled softmax over cosines; finds its settings on validation.',
  parameters: encoderParameters,
  search: encoderSearch,
  queryStated: 'the newest items of the list, weighted by learned weights of their lags (decayed list)',
  parallel: true,
  // It tunes itself first.
  effort: 6,
  recommendsNewItems: true,
  fits: () => true,
  memory: encoderMemory,
  fit,
  vectors: encoderVectors,
  async open({ catalogue, locate, deterministic }) {
    const { model, scoring } = await readEncoder({ catalogue, locate });
    return encoderScorer(model, scoring, catalogue.trainCounts.length, deterministic);
  },
};
