/** The search over training parameters: short trainings on a part of the sequences, one parameter after the other. */
import type { PreparedData, Sequences } from '../../data/prepared-data.ts';
import type { ClusteredRanks } from '../../metrics/clustered-ranks.ts';
import { errorsAhead } from '../../metrics/paired-test.ts';
import type { RankMetric } from '../../metrics/rank-metrics.ts';
import { seedFor, shuffled } from '../../seeded-random.ts';
import { ranksOfSample, type ValidationSample } from '../fitting/validation-sample.ts';
import { modelOf, withColdItems } from './encoder-model.ts';
import type { EncoderParameters } from './parameters.ts';
import { chooseSizes, estimateMeasuring, estimateSeconds, sizeOf, type TrainingSize } from './sizes.ts';
import { trainEncoder } from './train.ts';
import { buildTrainingSet, type TrainingSet } from './training-set.ts';
import { itemSignals } from './weight-parts.ts';
import { searchWeights } from './weights.ts';

/** Threads that `tuneMinutes` is stated for. */
const THREADS = 2;
const SECONDS = 60;
/** Trials are made with narrow vectors: what suits these suits wide ones, in a quarter of the time. */
const TRIAL_SIZE = 64;
/** Share of the budget one trial at the start may take; trainings are shortened to it, then sequences left out. */
const TRIAL_SHARE = 1 / 6;
const LEAST_EPOCHS = 3;
/** Of a trial's time; the rest goes into measuring. */
const TRAINING_SHARE = 0.8;
/** Standard errors of the paired difference, by clusters, by which a parameter must gain to move. */
const LEAST_GAIN = 1;

type Change = Partial<EncoderParameters>;

/** One parameter after the other; of a list, what helps is gone on from, and the first that does not ends it. */
const LINES: readonly (readonly Change[])[] = [
  [{ temperature: 0.07 }],
  [{ queryDropout: 0.2 }],
  [{ learningRate: 0.01 }],
  [{ temperature: 0.05 }],
];

/** The training at the start, and every change. */
const MOST_TRIALS = 1 + LINES.flat().length;

export interface EncoderSearch {
  readonly data: PreparedData;
  readonly sequences: Sequences;
  readonly timeOrdered: boolean;
  readonly start: EncoderParameters;
  /** Newest rows of each list to learn from. */
  readonly newest: number;
  /** Parameters a person gave: they stay. */
  readonly fixed: ReadonlySet<string>;
  readonly sample: ValidationSample;
  readonly metric: RankMetric;
  readonly seed: number;
  readonly threads: number;
  readonly deterministic: boolean;
  readonly memoryLimit: number;
  readonly signal: AbortSignal;
  /** Short trainings done, also in part, of at most so many. */
  progress(trials: number, of: number): void;
  pause(): Promise<void>;
}

export interface EncoderSearchResult {
  readonly parameters: EncoderParameters;
  readonly trials: number;
  /** Metric of the short training with the chosen parameters. */
  readonly value: number;
  /** Training positions of a trial. */
  readonly positions: number;
}

/**
 * Finds training parameters on validation queries. What a trial costs is estimated from sizes, never measured, so that the
 * same data give the same trials on every machine.
 */
export async function searchTraining(search: EncoderSearch): Promise<EncoderSearchResult> {
  const budget = search.start.tuneMinutes * SECONDS * THREADS;
  const trials = await Trials.prepare(search, budget * TRIAL_SHARE);
  let best = await trials.first();
  for (const line of LINES) {
    for (const change of line) {
      if (Object.keys(change).some((name) => search.fixed.has(name))) break;
      const parameters = { ...best.parameters, ...change };
      if (holds(best.parameters, change)) continue;
      if (trials.spent + trials.cost(parameters) > budget) break;
      const trial = await trials.measure(parameters);
      if (errorsAhead(trial.ranks, best.ranks, search.metric) < LEAST_GAIN) break;
      best = trial;
    }
  }
  const { value } = best;
  const parameters = { ...best.parameters, vectorSize: search.start.vectorSize };
  return { parameters, value, trials: trials.count, positions: trials.positions };
}

function holds(parameters: Readonly<Record<string, unknown>>, change: Change): boolean {
  return Object.entries(change).every(([name, value]) => parameters[name] === value);
}

interface Trial {
  readonly parameters: EncoderParameters;
  readonly value: number;
  readonly ranks: ClusteredRanks;
}

class Trials {
  readonly #search: EncoderSearch;
  readonly #set: TrainingSet;
  readonly #epochs: number;
  readonly #size: TrainingSize;
  /** Estimated seconds of one thread. */
  spent = 0;
  count = 0;

  /** @param seconds what a trial at the start may take, about */
  private constructor(search: EncoderSearch, set: TrainingSet, seconds: number) {
    this.#search = search;
    this.#set = set;
    this.#size = sizeOf(set, search.start.history);
    this.#epochs = 1;
    const ofOne = this.trainingCost(this.#start());
    this.#epochs = Math.max(LEAST_EPOCHS, Math.floor(seconds / ofOne));
  }

  /** Takes as many sequences as a trial of the given seconds can learn. */
  static async prepare(search: EncoderSearch, seconds: number): Promise<Trials> {
    const { sequences, data, start, sample } = search;
    const build = (part: Sequences): Promise<TrainingSet> =>
      buildTrainingSet(part, data.trainCounts.length, {
        ...{ minCount: start.minCount, newest: search.newest },
        skipRepeats: sample.seenRemoved,
      });
    const whole = new Trials(search, await build(sequences), seconds);
    const share = seconds / whole.trainingCost(whole.#start());
    if (share >= 1) return whole;
    return new Trials(search, await build(sampleOf(sequences, share, search.seed)), seconds);
  }

  get positions(): number {
    return this.#set.positions.length;
  }

  #start(): EncoderParameters {
    const { start, fixed } = this.#search;
    return { ...start, ...(fixed.has('vectorSize') ? {} : { vectorSize: TRIAL_SIZE }) };
  }

  first(): Promise<Trial> {
    return this.measure(this.#start());
  }

  #training(parameters: EncoderParameters): ReturnType<typeof chooseSizes> {
    const { sample } = this.#search;
    const sizes = chooseSizes(parameters, this.#size, sample.seenRemoved);
    return { ...sizes, epochs: Math.min(sizes.epochs, this.#epochs) };
  }

  trainingCost(parameters: EncoderParameters): number {
    return estimateSeconds(this.#training(parameters), this.#size);
  }

  /** Estimated seconds of one thread for training and measuring, which takes one thread while the others wait. */
  cost(parameters: EncoderParameters): number {
    const training = this.#training(parameters);
    const items = this.#set.vocabulary.items.length;
    const measuring = estimateMeasuring(training, items, this.#search.sample.queries.length);
    return this.trainingCost(parameters) + THREADS * measuring;
  }

  /** Trains shortly and measures with the best weights. */
  async measure(parameters: EncoderParameters): Promise<Trial> {
    const { data, sequences, sample, metric, seed, timeOrdered, fixed } = this.#search;
    const { threads, deterministic, memoryLimit, signal } = this.#search;
    const training = this.#training(parameters);
    const trained = await trainEncoder({
      set: this.#set,
      training,
      seed,
      threads,
      deterministic,
      memoryLimit,
      signal,
      onProgress: ({ positions, totalPositions }) =>
        this.#search.progress(this.count + (TRAINING_SHARE * positions) / totalPositions, MOST_TRIALS),
    });
    this.spent += this.cost(parameters);
    this.count++;
    const { itemGroups, catalogue } = data;
    const model = modelOf(trained, this.#set.vocabulary.items);
    const { value, ranks } = await searchWeights({
      model:
        itemGroups === undefined || !parameters.coldItems
          ? model
          : withColdItems(model, { groups: itemGroups, catalogue }, parameters.coldShrinkage),
      signals: itemSignals(sequences, data.trainCounts, timeOrdered),
      sample,
      temperature: parameters.temperature,
      start: parameters,
      fixed,
      metric,
      trainCounts: data.trainCounts,
      seed,
      deterministic,
      once: true,
      pause: () => this.#search.pause(),
    });
    this.#search.progress(this.count, MOST_TRIALS);
    return { parameters, value, ranks: ranksOfSample(sample, ranks) };
  }
}

/** A seeded sample of whole sequences, in their order. */
function sampleOf({ items, offsets }: Sequences, share: number, seed: number): Sequences {
  const count = offsets.length - 1;
  const chosen = shuffled(count, seedFor(seed, 'encoder-tuning')).slice(
    0,
    Math.max(1, Math.floor(share * count)),
  );
  chosen.sort();
  const kept: Int32Array[] = [];
  const bounds = new Uint32Array(chosen.length + 1);
  chosen.forEach((s, i) => {
    const part = items.subarray(offsets[s] ?? 0, offsets[s + 1] ?? 0);
    kept.push(part);
    bounds[i + 1] = (bounds[i] ?? 0) + part.length;
  });
  const flat = new Int32Array(bounds.at(-1) ?? 0);
  kept.forEach((part, i) => flat.set(part, bounds[i]));
  return { items: flat, offsets: bounds };
}
