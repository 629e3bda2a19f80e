/** Where everything lies, in bytes of the imported memory. See kernel-settings.ts of the recency encoder. */

/** Rows of E and D and their moments are `vectorBytes` long (a multiple of 16), `rowBytes` apart: row, moment, moment. */
export let itemCount: i32 = 0;
export let vectorBytes: usize = 0;
export let rowBytes: usize = 0;
export let batchSize: i32 = 0;
/** Queries there is room for: the products take two at a time. */
export let queryCapacity: i32 = 0;
/** Sampled negatives of a batch, and that rounded up to the four that the products take at a time. */
export let negatives: i32 = 0;
export let columns: i32 = 0;
/** How many of the negatives are drawn from the training rows instead of the items. */
export let drawnRows: i32 = 0;
/** Newest items of a history that make the query. */
export let historyLength: i32 = 0;
/** Newest items of a history that are never negatives; 0: only the target is masked. */
export let maskedHistory: i32 = 0;
/** E, its first and second moments, and each row's number of Adam steps. */
export let items: usize = 0;
export let itemFirst: usize = 0;
export let itemSecond: usize = 0;
export let itemSteps: usize = 0;
/** D, the same. */
export let offsets: usize = 0;
export let offsetFirst: usize = 0;
export let offsetSecond: usize = 0;
export let offsetSteps: usize = 0;
/** Weight of each lag in each dimension: historyLength rows; the same of their moments, and one number of steps a lag. */
export let lagWeights: usize = 0;
export let lagFirst: usize = 0;
export let lagSecond: usize = 0;
export let lagSteps: usize = 0;
/** Rows of all sequences, flat, and how many; where the sequence of each begins; the positions to learn. */
export let tokens: usize = 0;
export let tokenCount: u32 = 0;
export let starts: usize = 0;
export let positions: usize = 0;
export let positionCount: u32 = 0;
/** 1 / (1 − βⁿ) of both moments after n steps, f32 pairs. */
export let corrections: usize = 0;
export let correctionCount: i32 = 0;
/** This thread's own. */
export let scratch: usize = 0;
export let stats: usize = 0;
export let seed: u32 = 0;
export let learnsLags: bool = false;
/** −log of the probability that an item is among the negatives, f32, by item. */
export let sampleCorrections: usize = 0;
/** 1/τ. */
export let inverseTemperature: f32 = 0;
/** Probabilities of leaving out an item of a history, and a dimension of a query. */
export let itemDropout: f32 = 0;
export let queryDropout: f32 = 0;

@inline
function word(block: usize, index: i32): usize {
  return <usize>load<u32>(block + (<usize>index << 2));
}

@inline
function real(block: usize, index: i32): f32 {
  return load<f32>(block + (<usize>index << 2));
}

/** Reads the settings of this thread; to be called before anything else. */
export function configure(block: usize): void {
  itemCount = <i32>word(block, 0);
  vectorBytes = word(block, 1);
  rowBytes = word(block, 2);
  batchSize = <i32>word(block, 3);
  queryCapacity = (batchSize + 1) & ~1;
  negatives = <i32>word(block, 4);
  columns = (negatives + 3) & ~3;
  drawnRows = <i32>word(block, 5);
  historyLength = <i32>word(block, 6);
  maskedHistory = <i32>word(block, 7);
  items = word(block, 8);
  itemFirst = word(block, 9);
  itemSecond = word(block, 10);
  itemSteps = word(block, 11);
  offsets = word(block, 12);
  offsetFirst = word(block, 13);
  offsetSecond = word(block, 14);
  offsetSteps = word(block, 15);
  lagWeights = word(block, 16);
  lagFirst = word(block, 17);
  lagSecond = word(block, 18);
  lagSteps = word(block, 19);
  tokens = word(block, 20);
  tokenCount = <u32>word(block, 21);
  starts = word(block, 22);
  positions = word(block, 23);
  positionCount = <u32>word(block, 24);
  sampleCorrections = word(block, 25);
  corrections = word(block, 26);
  correctionCount = <i32>word(block, 27);
  scratch = word(block, 28);
  stats = word(block, 29);
  seed = <u32>word(block, 30);
  learnsLags = word(block, 31) != 0;
  inverseTemperature = real(block, 32);
  itemDropout = real(block, 33);
  queryDropout = real(block, 34);
}

@inline
export function rowOf(matrix: usize, row: i32): usize {
  return matrix + <usize>row * rowBytes;
}

@inline
export function tokenAt(position: u32): i32 {
  return load<i32>(tokens + (<usize>position << 2));
}
