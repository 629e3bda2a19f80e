/**
 * Work is cut twice. A *job* is what gensim calls so: consecutive sequences of at most 10,000 raw rows, with one
 * learning rate. A *unit* is a piece of a job that one thread takes at a time, small so that threads end together.
 */
export interface WorkUnits {
  /** First sequence of each unit, and the end of the last: units + 1. */
  readonly first: Uint32Array;
  /** Raw rows of each unit (dropped and sub-sampled ones included). */
  readonly words: Float64Array;
  /** How far through the epoch (in sequences, 0 … 1) each unit's job starts. */
  readonly progress: Float64Array;
}

const JOB_WORDS = 10_000;
const UNIT_WORDS = 1000;

/** Cuts sequences (given by raw offsets) into jobs and units. */
export function cutWork(offsets: Uint32Array): WorkUnits {
  const sequences = offsets.length - 1;
  const first: number[] = [];
  const words: number[] = [];
  const progress: number[] = [];
  let jobWords = 0;
  let jobStart = 0;
  let unitWords = Infinity;
  for (let s = 0; s < sequences; s++) {
    const length = (offsets[s + 1] ?? 0) - (offsets[s] ?? 0);
    const newJob = s > 0 && jobWords + length > JOB_WORDS;
    if (newJob) jobStart = s;
    jobWords = newJob ? length : jobWords + length;
    if (newJob || unitWords >= UNIT_WORDS) {
      first.push(s);
      words.push(0);
      progress.push(jobStart / sequences);
      unitWords = 0;
    }
    unitWords += length;
    words[words.length - 1] = unitWords;
  }
  return {
    first: Uint32Array.from([...first, sequences]),
    words: Float64Array.from(words),
    progress: Float64Array.from(progress),
  };
}

/** The learning rate of a job that starts at `progress` of an epoch: linear from `alpha` to `minAlpha` over all epochs. */
export function learningRate(
  alpha: number,
  minAlpha: number,
  epoch: number,
  progress: number,
  epochs: number,
): number {
  return Math.max(minAlpha, alpha - (alpha - minAlpha) * ((epoch + progress) / epochs));
}
