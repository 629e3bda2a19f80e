/**
 * Work is cut twice. A *job* is what gensim calls so: consecutive sequences of at most 10,000 raw rows, with one
 * learning rate. A *unit* is a piece of a job that one thread takes at a time, small so that threads end together.
 */
export interface WorkUnits {
  /** First sequence of each unit, and the end of the last: units + 1. */
  readonly first: Uint32Array;
  /** Raw rows of each unit (dropped and sub-sampled ones included). */
  readonly words: Float64Array;
  /** How far through its part (in sequences, 0 … 1) each unit's job starts. */
  readonly progress: Float64Array;
  /** Number of each unit's job in its part. */
  readonly job: Uint32Array;
  /** First unit of each part, and the end of the last: parts + 1. The threads go through the parts side by side. */
  readonly parts: Uint32Array;
}

const JOB_WORDS = 10_000;
const UNIT_WORDS = 1000;

interface Unit {
  readonly first: number;
  readonly progress: number;
  readonly job: number;
  words: number;
}

/** Cuts the sequences from … to - 1 into jobs and units. */
function cutPart(offsets: Uint32Array, from: number, to: number): Unit[] {
  const units: Unit[] = [];
  let jobWords = 0;
  let jobStart = from;
  let job = 0;
  let unit: Unit | undefined;
  for (let s = from; s < to; s++) {
    const length = (offsets[s + 1] ?? 0) - (offsets[s] ?? 0);
    const newJob = s > from && jobWords + length > JOB_WORDS;
    if (newJob) {
      jobStart = s;
      job += 1;
    }
    jobWords = newJob ? length : jobWords + length;
    if (unit === undefined || newJob || unit.words >= UNIT_WORDS) {
      unit = { first: s, progress: (jobStart - from) / (to - from), job, words: 0 };
      units.push(unit);
    }
    unit.words += length;
  }
  return units;
}

/**
 * Cuts sequences into jobs and units.
 * @param offsets raw offsets of the sequences
 * @param parts first sequence of each part, and the end of the last
 */
export function cutWork(offsets: Uint32Array, parts = Uint32Array.from([0, offsets.length - 1])): WorkUnits {
  const cut = Array.from(parts.subarray(1), (end, part) => cutPart(offsets, parts[part] ?? 0, end));
  const units = cut.flat();
  return {
    first: Uint32Array.from([...units.map(({ first }) => first), offsets.length - 1]),
    words: Float64Array.from(units, ({ words }) => words),
    progress: Float64Array.from(units, ({ progress }) => progress),
    job: Uint32Array.from(units, ({ job }) => job),
    parts: Uint32Array.from([0, ...cut.map((_, part) => cut.slice(0, part + 1).flat().length)]),
  };
}

/** Units that a part may be behind before other threads help with it. */
const LAG = 2;

/**
 * Parts in the order in which a thread looks for its next unit: its own first, but before it the one that is furthest
 * behind, if that is more than a few units. Parts hold other items, so a thread that is held up must not leave its part
 * to the end: the vectors of its items would be pushed away for the length of the other part, each epoch anew.
 * @param bounds first unit of each part, and the end of the last
 * @param taken units taken of each part, or more where none is left
 */
export function partsToTry(thread: number, bounds: Uint32Array, taken: readonly number[]): number[] {
  const count = bounds.length - 1;
  const sizeOf = (part: number): number => (bounds[part + 1] ?? 0) - (bounds[part] ?? 0);
  const shareOf = (part: number): number =>
    sizeOf(part) === 0 ? 1 : Math.min(1, (taken[part] ?? 0) / sizeOf(part));
  const parts = Array.from({ length: count }, (_, i) => (thread + i) % count);
  const own = shareOf(thread % count);
  let [behind, units] = [-1, LAG];
  for (const part of parts) {
    const lag = (own - shareOf(part)) * sizeOf(part);
    if (lag > units) [behind, units] = [part, lag];
  }
  return behind < 0 ? parts : [behind, ...parts.filter((part) => part !== behind)];
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
