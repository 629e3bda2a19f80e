import { UserError } from '../../../protocol/user-error.ts';
import { gigabytes, KernelMemory, LINE, roundUp } from '../fitting/kernel-memory.ts';
import type { Prod2vecParameters } from './parameters.ts';

/** What decides how much memory training needs. */
export interface TrainingSize {
  /** Items with vectors. */
  readonly rows: number;
  /** Training rows of those items. */
  readonly tokens: number;
  readonly sequences: number;
  /** Rows of the longest sequence. */
  readonly longest: number;
  readonly threads: number;
}

/** How the fast algorithms cut sentences; the gensim algorithms don't use it. */
export interface Grouping {
  readonly groupSize: number;
  readonly sharedNegatives: number;
  readonly chunkSize: number;
}

/** Byte addresses in the kernel's memory. Regions written by different threads never share a cache line. */
export interface MemoryPlan {
  readonly rows: number;
  readonly rowBytes: number;
  readonly vectorBytes: number;
  readonly guideShift: number;
  /** Words of a sentence that a thread has room for. */
  readonly longest: number;
  readonly control: number;
  readonly epochStats: number;
  /** i32 per epoch, for each part of the work: units taken. */
  readonly taken: readonly number[];
  readonly settings: readonly number[];
  readonly stats: readonly number[];
  readonly scratch: readonly number[];
  readonly sigmoids: number;
  readonly counts: number;
  readonly keep: number;
  readonly cumulative: number;
  readonly guide: number;
  readonly tokens: number;
  readonly sentences: number;
  readonly inputVectors: number;
  readonly outputVectors: number;
  /** Two words a row: how its input vector began. */
  readonly start: number;
  /** Bytes in all, and the same in WebAssembly's pages. */
  readonly bytes: number;
  readonly pages: number;
}

/** WebAssembly's 32-bit memory ends at 4 GiB. */
export const MAX_PAGES = 65_536;
/** Skip-gram's filter of target ids, see fast-skip-gram.ts. */
const FILTER_BYTES = 128;

/**
 * Group sizes of the fast algorithms for given parameters. Fewer shared negatives are faster, but make the vectors
 * noisier. Measured on the playlists (48 dimensions, window 10, 5 negatives) as agreement of the ten nearest with
 * gensim's, against gensim's own from seed to seed: CBOW with 12 shared by four centres 0.7 points less, with 8 far less;
 * skip-gram with 32, 52, 68 shared by eight words 4.8, 1.7 and 0.3 points less. Skip-gram's need grows with the pairs of a word.
 */
export function groupingOf(parameters: Prod2vecParameters): Grouping {
  const { architecture, negative, vectorSize, window, shrinkWindows } = parameters;
  const rowBytes = roundUp(vectorSize, 4) * 4;
  const chunkSize = Math.min(256, Math.max(32, roundUp(Math.floor(65_536 / rowBytes), 8)));
  const pairs = shrinkWindows ? window + 1 : 2 * window;
  const perNegative = architecture === 'cbow' ? 2 : Math.min(13, Math.ceil(1.2 * pairs));
  return { groupSize: 8, sharedNegatives: roundUp(perNegative * negative, 4), chunkSize };
}

function scratchBytes(
  longest: number,
  vectorBytes: number,
  window: number,
  { groupSize, sharedNegatives, chunkSize }: Grouping,
): number {
  const perSentence = longest * 8;
  const cbow = (2 * groupSize + 2 * (groupSize + 2 * window + 1)) * vectorBytes;
  const skipGram = (chunkSize + 4) * (2 * vectorBytes + 4);
  return perSentence + Math.max(cbow, skipGram) + 2 * groupSize * sharedNegatives + 16 * 4 + FILTER_BYTES;
}

/** Lays out the kernel's memory. Pure: the same numbers estimate the need before anything is allocated. */
export function planMemory(
  size: TrainingSize,
  parameters: Prod2vecParameters,
  grouping = groupingOf(parameters),
): MemoryPlan {
  const vectorBytes = roundUp(parameters.vectorSize, 4) * 4;
  const rowBytes = roundUp(vectorBytes, LINE);
  const guideBits = Math.min(22, Math.max(8, Math.ceil(Math.log2(size.rows))));
  const longest = roundUp(size.longest, 16);
  const memory = new KernelMemory(size.threads);
  const { take, perThread } = memory;
  const plan = {
    rows: size.rows,
    rowBytes,
    vectorBytes,
    guideShift: 31 - guideBits,
    longest,
    control: take(16 * LINE),
    epochStats: take(parameters.epochs * 32),
    taken: perThread(parameters.epochs * 4),
    settings: perThread(2 * LINE),
    stats: perThread(2 * LINE),
    scratch: perThread(scratchBytes(longest, vectorBytes, parameters.window, grouping) + 2 * LINE),
    sigmoids: take(8000),
    counts: take(size.rows * 4),
    keep: take(size.rows * 4),
    cumulative: take(size.rows * 4),
    guide: take(2 ** guideBits * 4),
    tokens: take(size.tokens * 4),
    sentences: take((size.sequences + 1) * 4),
    inputVectors: take(size.rows * rowBytes),
    outputVectors: take(size.rows * rowBytes),
    start: take(size.rows * 8),
  };
  return { ...plan, ...memory.size };
}

/** @throws UserError when training cannot fit into WebAssembly's memory, saying what takes it and what to lower */
export function checkMemory(plan: MemoryPlan, size: TrainingSize, parameters: Prod2vecParameters): void {
  if (plan.pages <= MAX_PAGES) return;
  const vectors = 2 * size.rows * plan.rowBytes;
  const advice =
    vectors > plan.bytes / 2
      ? `Lower --vector-size (${parameters.vectorSize}), or raise --min-count (${parameters.minCount}) so that fewer items get vectors.`
      : 'Train on a sample of the sequences (--sample-fraction), or raise --min-count.';
  throw new UserError(
    `Training needs ${gigabytes(plan.bytes)} of memory (${gigabytes(vectors)} for two matrices of ${size.rows} items × ${parameters.vectorSize}, ${gigabytes(4 * size.tokens)} for the sequences), and the limit is 4 GB.`,
    advice,
  );
}
