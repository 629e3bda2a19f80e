import { UserError } from '../../../protocol/user-error.ts';
import { gigabytes, KernelMemory, LINE, PAGE, roundUp } from '../fitting/kernel-memory.ts';

/** WebAssembly's memory ends at 4 GB. */
const MAX_BYTES = 2 ** 32 - PAGE;
/** Adam's corrections 1/(1 − βⁿ) are 1 to the last bit long before so many steps. */
export const CORRECTIONS = 4096;
const SETTINGS = 256;

export interface EncoderSize {
  readonly items: number;
  readonly tokens: number;
  readonly positions: number;
  readonly threads: number;
}

export interface EncoderShape {
  readonly dimensions: number;
  readonly negatives: number;
  readonly batchSize: number;
  readonly history: number;
}

/** Byte addresses in the kernel's memory. */
export interface EncoderPlan {
  readonly vectorBytes: number;
  /** From one row of E or D to the next; the row's moments lie between. */
  readonly rowBytes: number;
  readonly settings: readonly number[];
  readonly stats: readonly number[];
  readonly scratch: readonly number[];
  /** i32 words, each on a cache line of its own: next batch, cancel. */
  readonly control: number;
  readonly corrections: number;
  readonly sampleCorrections: number;
  readonly lagWeights: number;
  readonly lagFirst: number;
  readonly lagSecond: number;
  readonly lagSteps: number;
  readonly tokens: number;
  readonly starts: number;
  readonly positions: number;
  readonly items: number;
  readonly itemFirst: number;
  readonly itemSecond: number;
  readonly itemSteps: number;
  readonly offsets: number;
  readonly offsetFirst: number;
  readonly offsetSecond: number;
  readonly offsetSteps: number;
  readonly bytes: number;
  readonly pages: number;
}

/** Upper bound of what `configure` of the kernel lays out for one thread. */
function scratchBytes(size: EncoderSize, shape: EncoderShape, vectorBytes: number): number {
  const { history } = shape;
  // The kernel's products take queries in pairs and negatives in fours.
  const batchSize = roundUp(shape.batchSize, 2);
  const negatives = roundUp(shape.negatives, 4);
  const outputs = negatives + batchSize;
  const slots = outputs + batchSize * history;
  const rows = 3 * batchSize + history + 2 * outputs + slots;
  const words = batchSize * (negatives + 4 + 2 * history) + negatives + size.items + slots + outputs;
  return rows * vectorBytes + 4 * words + 8 * LINE;
}

/** Lays out the kernel's memory. Pure: the same numbers estimate the need before anything is allocated. */
export function planEncoderMemory(size: EncoderSize, shape: EncoderShape): EncoderPlan {
  const vectorBytes = roundUp(shape.dimensions, 4) * 4;
  const memory = new KernelMemory(size.threads);
  const { take, perThread } = memory;
  // A row lies beside its moments: Adam finds all three on one page.
  const rowBytes = 3 * vectorBytes;
  const matrix = size.items * rowBytes;
  const lags = shape.history * vectorBytes;
  const plan = {
    vectorBytes,
    rowBytes,
    settings: perThread(SETTINGS),
    stats: perThread(LINE),
    scratch: perThread(scratchBytes(size, shape, vectorBytes)),
    control: take(2 * LINE),
    corrections: take(CORRECTIONS * 8),
    sampleCorrections: take(size.items * 4),
    lagWeights: take(lags),
    lagFirst: take(lags),
    lagSecond: take(lags),
    lagSteps: take(shape.history * 4),
    tokens: take(size.tokens * 4),
    starts: take(size.tokens * 4),
    positions: take(size.positions * 4),
    items: take(matrix),
    itemSteps: take(size.items * 4),
    offsets: take(matrix),
    offsetSteps: take(size.items * 4),
  };
  const moments = (rows: number): readonly [number, number] => [rows + vectorBytes, rows + 2 * vectorBytes];
  const [itemFirst, itemSecond] = moments(plan.items);
  const [offsetFirst, offsetSecond] = moments(plan.offsets);
  return {
    ...plan,
    itemFirst,
    itemSecond,
    offsetFirst,
    offsetSecond,
    ...memory.size,
  };
}

/** @throws UserError when training cannot fit, saying what takes the memory and what to lower */
export function checkEncoderMemory(
  plan: EncoderPlan,
  size: EncoderSize,
  shape: EncoderShape,
  memoryLimit: number,
): void {
  const limit = Math.min(MAX_BYTES, memoryLimit * 2 ** 20);
  if (plan.bytes <= limit) return;
  const matrices = 2 * size.items * plan.rowBytes;
  const advice =
    plan.bytes <= MAX_BYTES
      ? 'Raise --memory-limit, lower --encoder-vector-size, or raise --encoder-min-count.'
      : matrices > plan.bytes / 2
        ? `Lower --encoder-vector-size (${shape.dimensions}), or raise --encoder-min-count so that fewer items get vectors.`
        : 'Train on a sample of the sequences (--sample-fraction).';
  throw new UserError(
    `Training the recency encoder needs ${gigabytes(plan.bytes)} of memory (${gigabytes(matrices)} for six matrices of ${size.items} items × ${shape.dimensions}), and the limit is ${gigabytes(limit)}.`,
    advice,
  );
}
