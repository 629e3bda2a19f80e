/** Trains the heads of an encoder one after the other, and says which of them stay. */
import { seedFor } from '../../seeded-random.ts';
import { EarlyStopping, EPOCH_QUERIES, type EpochVerdict } from '../fitting/early-stopping.ts';
import { measureOnSample } from '../fitting/measure-on-sample.ts';
import { yieldToEventLoop } from '../../yield-to-event-loop.ts';
import type { ValidationSample } from '../fitting/validation-sample.ts';
import { besideEachOther, modelOf, type EncoderModel } from './encoder-model.ts';
import { scoringOf, type Fit } from './fit.ts';
import type { EncoderParameters } from './parameters.ts';
import { encoderScorer } from './scorer.ts';
import { estimateSeconds, sizeOf } from './sizes.ts';
import {
  trainEncoder,
  type EncoderTraining,
  type EncoderWeights,
  type EpochEnd,
  type TrainedEncoder,
} from './train.ts';
import type { TrainingSet } from './training-set.ts';
import { biasOf } from './weight-parts.ts';

export interface HeadsPlan {
  readonly training: EncoderTraining;
  readonly heads: number;
}

export interface TrainedHeads {
  /** Of the heads that stay. */
  readonly model: EncoderModel;
  /** All that were trained. */
  readonly heads: readonly TrainedEncoder[];
}

/**
 * Trains heads from different random starts. When the first is at its best before its last epoch, it stands with a
 * learning rate that has not fallen yet, so the others get only as many epochs as did it good, and one more is trained
 * if there was to be no other and the first needed half of its epochs; the first is left out where validation is better
 * without it.
 */
export async function trainHeads(
  fitting: Fit,
  parameters: EncoderParameters,
  set: TrainingSet,
  { training, heads }: HeadsPlan,
): Promise<TrainedHeads> {
  const trainer = new HeadTrainer(fitting, parameters, set, heads);
  const first = await trainer.train(training);
  const asGiven = new Set(fitting.context.given);
  const shortened = asGiven.has('epochs') ? training : { ...training, epochs: Math.max(1, first.bestEpoch) };
  const overfits = 2 * shortened.epochs <= training.epochs;
  const count = overfits && !asGiven.has('heads') ? Math.max(2, heads) : heads;
  const trained = [first];
  while (trained.length < count) trained.push(await trainer.train(shortened));
  const models = trained.map((head) => modelOf(head, set.vocabulary.items));
  const model = besideEachOther(models);
  if (shortened.epochs === training.epochs || asGiven.has('heads') || models.length === 1)
    return { model, heads: trained };
  const others = besideEachOther(models.slice(1));
  const better = (await trainer.measure(others)) > (await trainer.measure(model));
  return { model: better ? others : model, heads: trained };
}

/** Trains one head after the other on the same positions, and tells how far all of them are. */
class HeadTrainer {
  readonly #fit: Fit;
  readonly #parameters: EncoderParameters;
  readonly #set: TrainingSet;
  readonly #heads: number;
  readonly #sample: ValidationSample;
  #headsDone = 0;
  #epochsDone = 0;

  constructor(fitting: Fit, parameters: EncoderParameters, set: TrainingSet, heads: number) {
    const { sample } = fitting;
    this.#fit = fitting;
    this.#parameters = parameters;
    this.#set = set;
    this.#heads = heads;
    // By leave-one-out queries are short and catalogues small.
    const most = sample.seenRemoved ? 2 * EPOCH_QUERIES : EPOCH_QUERIES;
    this.#sample = { ...sample, queries: sample.queries.slice(0, most) };
  }

  async train(training: EncoderTraining): Promise<TrainedEncoder> {
    const { context, metric } = this.#fit;
    const { seed, threads, deterministic, memoryLimit, signal, reporter } = context;
    const stopping = this.#stopping();
    const head = this.#headsDone;
    reporter.info(this.#announcement(training));
    const trained = await trainEncoder({
      set: this.#set,
      training,
      seed: head === 0 ? seed : seedFor(seed, `encoder-head-${head}`),
      threads,
      deterministic,
      memoryLimit,
      signal,
      onProgress: ({ epoch, epochs, positions, totalPositions }) =>
        reporter.progress(
          `${this.#title()}epoch ${Math.min(epoch + 1, epochs)} of ${epochs}`,
          positions,
          totalPositions,
          'positions',
        ),
      afterEpoch: (weights, end) => this.#afterEpoch(training, stopping, weights, end),
    });
    this.#headsDone++;
    this.#epochsDone += trained.losses.length;
    if (trained.bestEpoch < trained.losses.length)
      reporter.info(
        `Kept the vectors of epoch ${trained.bestEpoch} of ${trained.losses.length}: ${metric} on validation was best there.`,
      );
    return trained;
  }

  /** The metric on the sample that judges epochs; NaN where there is nothing to validate on. */
  async measure(model: EncoderModel): Promise<number> {
    const { trainCounts } = this.#fit.context.data;
    const { seed, signal } = this.#fit.context;
    const { metric } = this.#fit;
    const pause = (): Promise<void> => yieldToEventLoop(signal);
    const measuring = { sample: this.#sample, metric, trainCounts, seed, pause };
    return (await measureOnSample(this.#scorerOf(model), measuring)).value;
  }

  #stopping(): EarlyStopping | undefined {
    const { context, metric } = this.#fit;
    const { data, seed, signal } = context;
    if (this.#sample.queries.length === 0 || this.#parameters.patience === 0) return undefined;
    return new EarlyStopping({
      sample: this.#sample,
      metric,
      trainCounts: data.trainCounts,
      seed,
      patience: this.#parameters.patience,
      pause: () => yieldToEventLoop(signal),
    });
  }

  async #afterEpoch(
    { dimensions }: EncoderTraining,
    stopping: EarlyStopping | undefined,
    weights: EncoderWeights,
    { epoch, loss, rate }: EpochEnd,
  ): Promise<EpochVerdict> {
    const matrices = { items: weights.items(), offsets: weights.offsets(), lagWeights: weights.lagWeights() };
    const model = modelOf({ dimensions, ...matrices }, this.#set.vocabulary.items);
    const verdict = await stopping?.judge(this.#scorerOf(model), epoch);
    const validation = verdict === undefined ? {} : { validation: verdict.score };
    this.#fit.context.reporter.loss({ epoch: this.#epochsDone + epoch, loss, alpha: rate, ...validation });
    return verdict ?? { score: epoch, stop: false };
  }

  #scorerOf(model: EncoderModel): ReturnType<typeof encoderScorer> {
    const { data, deterministic } = this.#fit.context;
    const scoring = scoringOf(this.#parameters, biasOf(model, this.#fit.signals, this.#parameters));
    return encoderScorer(model, scoring, data.trainCounts.length, deterministic);
  }

  #title(): string {
    const heads = Math.max(this.#heads, this.#headsDone + 1);
    return heads === 1 ? '' : `head ${this.#headsDone + 1} of ${heads}, `;
  }

  #announcement(training: EncoderTraining): string {
    const { positions, vocabulary } = this.#set;
    const seconds =
      estimateSeconds(training, sizeOf(this.#set, training.history)) / this.#fit.context.threads;
    return `Training ${this.#title()}${vocabulary.items.length} items × ${training.dimensions} on ${positions.length} positions, ${training.epochs} epochs, ${training.negatives} negatives; about ${Math.ceil(seconds)} s.`;
  }
}
