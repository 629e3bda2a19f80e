/**
 * What a training thread knows: pointers into the shared memory and settings, read once by `configure` from a block
 * of 32-bit words. The order of the words is `KernelSetting` in src/pipeline/kinds/prod2vec/kernel-settings.ts.
 */

export let rowCount: i32 = 0;
/** Bytes from one row of a matrix to the next (a multiple of 64, a cache line). */
export let rowBytes: usize = 0;
/** Bytes of a row that hold numbers: the dimension rounded up to a multiple of 4 floats; the padding stays zero. */
export let vectorBytes: usize = 0;
export let dimension: i32 = 0;
export let inputVectors: usize = 0;
export let outputVectors: usize = 0;
/** u32 per row: cumulative count^ns_exponent, scaled to 2^31 - 1. */
export let cumulative: usize = 0;
/** u32 per bucket: the first row of the cumulative table that a draw from this bucket can reach. */
export let guide: usize = 0;
export let guideShift: u32 = 0;
/** u32 per row: a word is kept while a 32-bit draw is not above this; 0 when nothing is sub-sampled. */
export let keep: usize = 0;
/** 1,000 f32: sigmoid over [-6, 6); followed by 1,000 f32: its logarithm. */
export let sigmoids: usize = 0;
export let tokens: usize = 0;
export let sentences: usize = 0;
/** This thread's own memory, see `scratchBytes` of kernel-memory.ts. */
export let scratch: usize = 0;
/** This thread's own counters, see stats.ts. */
export let stats: usize = 0;
/** i32 that becomes non-zero when training has to stop. */
export let cancelFlag: usize = 0;
export let windowSize: i32 = 0;
export let negative: i32 = 0;
export let meanOfContext: bool = true;
export let shrinkWindows: bool = true;
/** Fast CBOW: centres whose context sums are taken at once; fast skip-gram: context rows that share negatives. */
export let groupSize: i32 = 0;
/** How many negatives are shared, a multiple of 4. */
export let sharedNegatives: i32 = 0;
/** Most context rows a skip-gram chunk holds, a multiple of the group size. */
export let chunkSize: i32 = 0;
export let seed: u32 = 0;
/** Into how many ranges of equal length the rows are cut for drawing shared negatives. */
export let stripes: i32 = 1;
/** Room for words of a sentence in the scratch memory, a multiple of 16: no sentence is longer. */
export let longest: i32 = 0;

function word(block: usize, index: usize): u32 {
  return load<u32>(block + (index << 2));
}

/** Reads the settings of this thread; to be called before anything else. */
export function configure(block: usize): void {
  rowCount = word(block, 0);
  rowBytes = word(block, 1);
  vectorBytes = word(block, 2);
  dimension = word(block, 3);
  inputVectors = word(block, 4);
  outputVectors = word(block, 5);
  cumulative = word(block, 6);
  guide = word(block, 7);
  guideShift = word(block, 8);
  keep = word(block, 9);
  sigmoids = word(block, 10);
  tokens = word(block, 11);
  sentences = word(block, 12);
  scratch = word(block, 13);
  stats = word(block, 14);
  cancelFlag = word(block, 15);
  windowSize = word(block, 16);
  negative = word(block, 17);
  meanOfContext = word(block, 18) != 0;
  shrinkWindows = word(block, 19) != 0;
  groupSize = word(block, 20);
  sharedNegatives = word(block, 21);
  chunkSize = word(block, 22);
  seed = word(block, 23);
  stripes = word(block, 24);
  longest = word(block, 25);
}

@inline
export function inputRow(id: i32): usize {
  return inputVectors + <usize>id * rowBytes;
}

@inline
export function outputRow(id: i32): usize {
  return outputVectors + <usize>id * rowBytes;
}

@inline
export function cancelled(): bool {
  return atomic.load<i32>(cancelFlag) != 0;
}
