import { CONTROL, STATS } from './train-protocol.ts';
import type { Session } from './train-session.ts';
import { learningRate } from './work-units.ts';

/** Loss from sums of (positive loss, pairs, negative loss, pairs): one positive and `negative` negative pairs. */
function lossOf(sums: readonly number[], negative: number): number {
  const [positiveLoss = 0, positivePairs = 0, negativeLoss = 0, negativePairs = 0] = sums;
  if (positivePairs === 0) return NaN;
  return positiveLoss / positivePairs + (negativePairs === 0 ? 0 : (negative * negativeLoss) / negativePairs);
}

/** Cumulative sums at the end of an epoch (0 before the first). */
function sumsAfter({ memory, plan }: Session, epochs: number): readonly number[] {
  return epochs === 0
    ? [0, 0, 0, 0]
    : Array.from(new Float64Array(memory.buffer, plan.epochStats + 32 * (epochs - 1), 4));
}

/** Mean sampled loss of one epoch (from 1). */
export function lossOfEpoch(session: Session, epoch: number): number {
  const before = sumsAfter(session, epoch - 1);
  const sums = sumsAfter(session, epoch).map((sum, index) => sum - (before[index] ?? 0));
  return lossOf(sums, session.parameters.negative);
}

function threadStats({ memory, plan }: Session): number[] {
  const sums = Array.from({ length: STATS.length }, () => 0);
  for (const at of plan.stats) {
    new Float64Array(memory.buffer, at, STATS.length).forEach(
      (value, index) => (sums[index] = (sums[index] ?? 0) + value),
    );
  }
  return sums;
}

/** Tells the caller of training how it stands. */
export class ProgressReporter {
  readonly #session: Session;
  #reported = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Reports every epoch finished since the last tick, and how things stand. */
  tick(): void {
    const { request, parameters, totalWords } = this.#session;
    if (request.onProgress === undefined) return;
    const done = this.#epochsToReport();
    for (; this.#reported < done; this.#reported++) {
      this.#report(
        this.#reported + 1,
        (totalWords * (this.#reported + 1)) / parameters.epochs,
        lossOfEpoch(this.#session, this.#reported + 1),
      );
    }
    const stats = threadStats(this.#session);
    const words = stats[STATS.words] ?? 0;
    if (words > (totalWords * done) / parameters.epochs) {
      this.#report(
        done,
        words,
        done === 0 ? lossOf(stats, parameters.negative) : lossOfEpoch(this.#session, done),
      );
    }
  }

  /** An epoch that is measured on validation is reported with its figure, so not before. */
  #epochsToReport(): number {
    const { request, control } = this.#session;
    const done = Atomics.load(control, CONTROL.epochsDone);
    return request.afterEpoch === undefined
      ? done
      : Math.min(done, Atomics.load(control, CONTROL.allowed) - 1);
  }

  #report(epoch: number, words: number, loss: number): void {
    const { request, parameters, totalWords } = this.#session;
    const { epochs } = parameters;
    request.onProgress?.({
      epoch,
      epochs,
      words,
      totalWords,
      wordsPerSecond: wordsPerSecond(this.#session),
      loss,
      alpha: learningRate(parameters.alpha, parameters.minAlpha, 0, (words / totalWords) * epochs, epochs),
    });
  }
}

/** Training rows a second since the start. */
export function wordsPerSecond(session: Session): number {
  return (
    (threadStats(session)[STATS.words] ?? 0) / Math.max(0.001, (performance.now() - session.started) / 1000)
  );
}
