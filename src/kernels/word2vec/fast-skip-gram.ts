/**
 * Skip-gram in chunks of context words. Their input rows are copied into a dense block, trained there, and the changes
 * added to the matrix at the end. Positive pairs: each centre against the run of block rows its window covers.
 * Negative pairs: a group of block rows shares its draws; a row that takes part in p pairs weighs each draw with
 * p · negative / sharedNegatives, so the expected gradient is gensim's (after Ji et al. 2016, who share per window).
 */
import { trainNegatives4x4, trainPositives1x4 } from './blocks';
import { blocksOf, idAt, reachAt } from './sentence';
import { cancelled, chunkSize, groupSize, inputRow, outputRow, sharedNegatives, vectorBytes, windowSize } from './state';
import { drawShared, touchTargets, weightOfDraw } from './shared-negatives';

let block: usize = 0;
let original: usize = 0;
/** i32 per block row: in how many pairs it takes part. */
let pairs: usize = 0;
let negativeIds: usize = 0;
let negativeRows: usize = 0;
let weights: usize = 0;
/** 1,024 bits: which ids (modulo 1,024) are targets of the group, so that few negatives have to be looked for among them. */
let filter: usize = 0;
const FILTER_BYTES: usize = 128;

function layOut(): void {
  const rows = <usize>(chunkSize + 4);
  block = blocksOf();
  original = block + rows * vectorBytes;
  pairs = original + rows * vectorBytes;
  negativeIds = pairs + (rows << 2);
  negativeRows = negativeIds + (<usize>sharedNegatives << 2);
  weights = negativeRows + (<usize>sharedNegatives << 2);
  filter = weights + 64;
}

function readBlock(start: i32, end: i32): void {
  const size = vectorBytes;
  let offset: usize = 0;
  for (let j = start; j < end; ++j) {
    const row = inputRow(idAt(j));
    for (let at: usize = 0; at < size; at += 16) {
      const values = v128.load(row + at);
      v128.store(block + offset + at, values);
      v128.store(original + offset + at, values);
    }
    offset += size;
  }
  memory.fill(block + offset, 0, 4 * size);
}

function writeBlock(start: i32, end: i32): void {
  const size = vectorBytes;
  let offset: usize = 0;
  for (let j = start; j < end; ++j) {
    const row = inputRow(idAt(j));
    for (let at: usize = 0; at < size; at += 16) {
      const change = f32x4.sub(v128.load(block + offset + at), v128.load(original + offset + at));
      v128.store(row + at, f32x4.add(v128.load(row + at), change));
    }
    offset += size;
  }
}

/** Counts the pairs of each block row: a difference array over the windows, summed up, without the row's own. */
function countPairs(start: i32, end: i32, length: i32): void {
  memory.fill(pairs, 0, <usize>(end - start + 4) << 2);
  const last = min(length, end + windowSize);
  for (let centre = max(0, start - windowSize); centre < last; ++centre) {
    const low = max(start, centre - reachAt(centre)) - start;
    const high = min(end, centre + reachAt(centre) + 1) - start;
    if (low >= high) continue;
    const from = pairs + (<usize>low << 2);
    const to = pairs + (<usize>high << 2);
    store<i32>(from, load<i32>(from) + 1);
    store<i32>(to, load<i32>(to) - 1);
  }
  let running = 0;
  for (let j: usize = 0; j < <usize>(end - start); ++j) {
    running += load<i32>(pairs + (j << 2));
    store<i32>(pairs + (j << 2), running - 1);
  }
  memory.fill(pairs + (<usize>(end - start) << 2), 0, 16);
}

/** A centre with all block rows of its window. */
function trainCentre(centre: i32, start: i32, end: i32, alpha: f32): void {
  const low = max(start, centre - reachAt(centre));
  const high = min(end, centre + reachAt(centre) + 1);
  const row = outputRow(idAt(centre));
  const lanes = i32x4(0, 1, 2, 3);
  const rate = f32x4.splat(alpha);
  for (let j = low; j < high; j += 4) {
    const positions = i32x4.add(i32x4.splat(j), lanes);
    const inside = i32x4.lt_s(positions, i32x4.splat(high));
    const exists = v128.andnot(inside, i32x4.eq(positions, i32x4.splat(centre)));
    trainPositives1x4(row, block + <usize>(j - start) * vectorBytes, v128.and(rate, exists));
  }
}

function noteTargets(first: i32, end: i32, length: i32): void {
  memory.fill(filter, 0, FILTER_BYTES);
  const last = min(length, end + windowSize);
  for (let centre = max(0, first - windowSize); centre < last; ++centre) {
    const id = <u32>idAt(centre);
    const at = filter + <usize>((id >> 3) & 127);
    store<u8>(at, load<u8>(at) | (<u8>1 << (<u8>id & 7)));
  }
}

@inline
function mayBeTarget(id: u32): bool {
  return ((load<u8>(filter + <usize>((id >> 3) & 127)) >> (<u8>id & 7)) & 1) != 0;
}

/** Takes the pairs whose target is the negative itself out of its weights (gensim skips such draws). */
function excuseTargets(id: i32, first: i32, length: i32, at: usize, weight: f32): void {
  const last = min(length, first + 4 + windowSize);
  for (let centre = max(0, first - windowSize); centre < last; ++centre) {
    if (idAt(centre) != id) continue;
    const reach = reachAt(centre);
    for (let i = 0; i < 4; ++i) {
      const distance = first + i - centre;
      if (distance == 0 || distance > reach || -distance > reach) continue;
      const slot = at + (<usize>i << 2);
      store<f32>(slot, max<f32>(0, load<f32>(slot) - weight));
    }
  }
}

function trainNegatives(first: i32, start: i32, length: i32, weight: f32): void {
  const rows = block + <usize>(first - start) * vectorBytes;
  const counts = v128.load(pairs + (<usize>(first - start) << 2));
  const base = f32x4.mul(f32x4.convert_i32x4_s(counts), f32x4.splat(weight));
  for (let k = 0; k < sharedNegatives; k += 4) {
    for (let n = 0; n < 4; ++n) {
      const at = weights + (<usize>n << 4);
      v128.store(at, base);
      const id = load<i32>(negativeIds + (<usize>(k + n) << 2));
      if (mayBeTarget(id)) excuseTargets(id, first, length, at, weight);
    }
    trainNegatives4x4(rows, rows, negativeRows + (<usize>k << 2), weights);
  }
}

function trainChunk(start: i32, end: i32, length: i32, alpha: f32): void {
  const weight = weightOfDraw(alpha);
  readBlock(start, end);
  countPairs(start, end, length);
  for (let centre = max(0, start - windowSize); centre < start; ++centre) trainCentre(centre, start, end, alpha);
  for (let group = start; group < end && !cancelled(); group += groupSize) {
    const stop = min(group + groupSize, end);
    touchTargets(group, stop, weights);
    drawShared(negativeIds, negativeRows);
    for (let centre = group; centre < stop; ++centre) trainCentre(centre, start, end, alpha);
    noteTargets(group, stop, length);
    for (let first = group; first < stop; first += 4) trainNegatives(first, start, length, weight);
  }
  const last = min(length, end + windowSize);
  for (let centre = end; centre < last; ++centre) trainCentre(centre, start, end, alpha);
  writeBlock(start, end);
}

export function fastSkipGram(length: i32, alpha: f32): void {
  if (length < 2) return;
  layOut();
  for (let start = 0; start < length && !cancelled(); start += chunkSize) {
    trainChunk(start, min(start + chunkSize, length), length, alpha);
  }
}
