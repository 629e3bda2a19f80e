/**
 * Training of the recency encoder over imported shared memory: no allocation, no I/O. A linear encoder of the newest items
 * with a cosine sampled softmax; the formulas are in docs/models.md. Every thread has an instance of its own.
 */
import { adamStep } from './adam';
import { exp4, logarithm } from './exponential';
import { AHEAD, preload } from './preload';
import { products, weightedSums } from './products';
import {
  clearQueries,
  lagGradients,
  layOutQueries,
  historyCounts,
  historyLags,
  kept,
  makeQuery,
  queries,
  queryGradients,
  spreadQueryGradient,
  throughUnit,
  usedLags,
} from './queries';
import { below, normal, placeOf, seedRandom } from './random';
import {
  claimOutput,
  inverseLengthAt,
  itemAt,
  itemGradientAt,
  itemOfSlot,
  layOutSlots,
  makeOutputs,
  outputAt,
  outputCount,
  outputGradientAt,
  outputGradients,
  outputs,
  releaseSlots,
  slotCount,
  slotOf,
} from './slots';
import * as own from './state';
import {
  batchSize,
  columns,
  drawnRows,
  inverseTemperature,
  itemCount,
  items,
  maskedHistory,
  negatives,
  offsets,
  positions,
  queryCapacity,
  rowBytes,
  rowOf,
  sampleCorrections,
  scratch,
  starts,
  stats,
  tokenAt,
  tokenCount,
  vectorBytes,
} from './state';
import { add, addScaled, dot, multiplyAdd, sumOfLanes } from '../word2vec/simd';

/** Rows of `columns`: cosines of each query with the negatives, then their shares in the loss's gradient. */
let scores: usize = 0;
/** Correction of the logits of each column. */
let columnCorrections: usize = 0;
let targetSlots: usize = 0;
let batchPositions: usize = 0;

/** Reads the settings and lays out this thread's scratch memory; returns how many bytes of it are used. */
export function configure(block: usize): usize {
  own.configure(block);
  scores = scratch;
  columnCorrections = scores + (<usize>queryCapacity * <usize>columns << 2);
  targetSlots = columnCorrections + (<usize>columns << 2);
  batchPositions = targetSlots + (<usize>batchSize << 2);
  const end = layOutQueries((batchPositions + (<usize>batchSize << 2) + 63) & ~63);
  const mostOutputs = columns + batchSize;
  return layOutSlots((end + 63) & ~63, mostOutputs, mostOutputs + batchSize * own.historyLength) - scratch;
}

/** E ~ N(0, 0.1²), rows `first` … `end` − 1; the padding between dimensions and row end stays 0. */
export function fillVectors(first: i32, end: i32, dimension: i32): void {
  for (let item = first; item < end; ++item) {
    seedRandom(0xffffffff, item);
    const row = rowOf(items, item);
    for (let d = 0; d < dimension; ++d) store<f32>(row + (<usize>d << 2), normal() * <f32>0.1);
  }
}

/**
 * Distinct negatives, one a column of `scores`; they are fewer than the items. Some are drawn by the items' training rows,
 * those that are still missing uniformly ("mixed negative sampling", Yang et al. 2020).
 */
function drawNegatives(): void {
  for (let draw = 0; draw < drawnRows; ++draw) drawNegative(tokenAt(below(tokenCount)));
  while (outputCount < negatives) drawNegative(<i32>below(itemCount));
}

@inline
function drawNegative(item: i32): void {
  if (slotOf(item) >= 0) return;
  store<f32>(columnCorrections + (<usize>outputCount << 2), load<f32>(sampleCorrections + (<usize>item << 2)));
  claimOutput(item);
}

/** Takes a negative out of the softmax of query `b`. */
@inline
function mask(b: i32, item: i32): void {
  const slot = slotOf(item);
  if (slot >= 0 && slot < negatives) store<f32>(scores + ((<usize>b * <usize>columns + <usize>slot) << 2), -Infinity);
}

/** Leaves the target and what the history holds out of the negatives of query `b`, and the columns that are none. */
function maskKnown(b: i32, position: u32): void {
  mask(b, tokenAt(position));
  const start = load<u32>(starts + (<usize>position << 2));
  const known = <i32>min<u32>(position - start, <u32>maskedHistory);
  for (let lag = 0; lag < known; ++lag) mask(b, tokenAt(position - 1 - lag));
  const row = scores + (<usize>b * <usize>columns << 2);
  for (let column = negatives; column < columns; ++column) store<f32>(row + (<usize>column << 2), -Infinity);
}

/** The largest of the cosines `from` … `end`, and `first`. */
function highestOf(first: f32, from: usize, end: usize): f32 {
  let most = f32x4.splat(first);
  for (; from < end; from += 16) most = f32x4.max(most, v128.load(from));
  const pairs = f32x4.max(most, v128.shuffle<f32>(most, most, 2, 3, 0, 1));
  return max<f32>(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1));
}

/**
 * Softmax cross-entropy of one query over its target and the negatives, which stand for all other items: each weighs the more
 * the less likely it was to be drawn. Turns the row of cosines into gradients by them, and adds the target's.
 * @returns the loss
 */
function softmax(b: i32, scale: f32): f32 {
  const row = scores + (<usize>b * <usize>columns << 2);
  const end = row + (<usize>columns << 2);
  const query = queries + <usize>b * vectorBytes;
  const targetSlot = load<i32>(targetSlots + (<usize>b << 2));
  const target = outputAt(targetSlot);
  const cosine = dot(query, target, vectorBytes);
  // Logits are taken from one that none exceeds by much, so that no temperature makes all of them underflow.
  const highest = highestOf(cosine, row, end);
  const factor = f32x4.splat(inverseTemperature);
  const shift = f32x4.splat(-highest * inverseTemperature);
  let sums = f32x4.splat(0);
  for (let at = row; at < end; at += 16) {
    const correction = v128.load(columnCorrections + (at - row));
    const weight = exp4(f32x4.add(multiplyAdd(v128.load(at), factor, shift), correction));
    v128.store(at, weight);
    sums = f32x4.add(sums, weight);
  }
  const others = sumOfLanes(sums);
  const logit = (cosine - highest) * inverseTemperature;
  const own = f32x4.extract_lane(exp4(f32x4.splat(logit)), 0);
  const total = own + others;
  const share = scale * inverseTemperature;
  const each = f32x4.splat(share / total);
  for (let at = row; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), each));
  const pull = -share * (others / total);
  addScaled(queryGradients + <usize>b * vectorBytes, target, pull, vectorBytes);
  addScaled(outputGradientAt(targetSlot), query, pull, vectorBytes);
  return logarithm(total) - logit;
}

/** Loss and gradients of one batch of positions, whose places in `positions` are `first` … `end` − 1 of the epoch's order. */
function computeGradients(epoch: u32, first: u32, end: u32): f64 {
  const count = <i32>(end - first);
  // The products take two queries at a time; one too many is a copy without weight.
  const even = (count + 1) & ~1;
  clearQueries();
  drawNegatives();
  for (let b = 0; b < count; ++b) {
    const position = load<u32>(positions + (<usize>placeOf(first + b, epoch) << 2));
    store<u32>(batchPositions + (<usize>b << 2), position);
    store<i32>(targetSlots + (<usize>b << 2), claimOutput(tokenAt(position)));
    makeQuery(b, position);
  }
  makeOutputs();
  if (even > count) memory.copy(queries + <usize>count * vectorBytes, queries, vectorBytes);
  products(queries, even, outputs, columns, vectorBytes, vectorBytes, scores);
  let loss: f64 = 0;
  for (let b = 0; b < count; ++b) {
    maskKnown(b, load<u32>(batchPositions + (<usize>b << 2)));
    loss += softmax(b, <f32>1 / <f32>count);
  }
  const scoreBytes = <usize>columns << 2;
  if (even > count) memory.fill(scores + <usize>count * scoreBytes, 0, scoreBytes);
  weightedSums(queryGradients, even, scores, scoreBytes, 4, outputs, negatives, vectorBytes, vectorBytes);
  weightedSums(outputGradients, (negatives + 1) & ~1, scores, 4, scoreBytes, queries, even, vectorBytes, vectorBytes);
  return loss;
}

/** Carries the gradients of outputs to E (and D, which has the same), those of queries to E and the lags. */
function spreadGradients(count: i32): void {
  for (let slot = 0; slot < outputCount; ++slot) {
    const gradient = outputGradientAt(slot);
    throughUnit(gradient, outputAt(slot), inverseLengthAt(slot), vectorBytes);
    add(itemGradientAt(slot), gradient, vectorBytes);
  }
  for (let b = 0; b < count; ++b) spreadQueryGradient(b);
}

/** Reads the rows and moments of the next slots. */
function preloadRows(first: i32): void {
  const end = min(first + AHEAD, slotCount);
  for (let slot = first; slot < end; ++slot) {
    const at = <usize>itemAt(slot) * rowBytes;
    preload(items + at, rowBytes);
    if (slot < outputCount) preload(offsets + at, rowBytes);
  }
}

function updateRows(rate: f32, lagRate: f32): void {
  for (let slot = 0; slot < slotCount; ++slot) {
    if (slot % AHEAD == 0) preloadRows(slot);
    const item = itemAt(slot);
    const at = <usize>item * rowBytes;
    const steps = <usize>item << 2;
    adamStep(items + at, own.itemFirst + at, own.itemSecond + at, own.itemSteps + steps, itemGradientAt(slot), vectorBytes, rate);
    if (slot < outputCount) {
      adamStep(offsets + at, own.offsetFirst + at, own.offsetSecond + at, own.offsetSteps + steps, outputGradientAt(slot), vectorBytes, rate);
    }
  }
  for (let lag = 0; lag < usedLags; ++lag) {
    const at = <usize>lag * vectorBytes;
    adamStep(own.lagWeights + at, own.lagFirst + at, own.lagSecond + at, own.lagSteps + (<usize>lag << 2), lagGradients + at, vectorBytes, lagRate);
  }
}

/**
 * Trains on one batch: at most `batchSize` positions, from the `first`-th of the epoch's random order.
 * @param rate learning rate of the vectors; `lagRate` that of the lags' weights
 */
export function trainBatch(epoch: u32, first: u32, end: u32, rate: f32, lagRate: f32): void {
  seedRandom(epoch, first);
  const loss = computeGradients(epoch, first, end);
  spreadGradients(<i32>(end - first));
  updateRows(rate, lagRate);
  releaseSlots();
  store<f64>(stats, load<f64>(stats) + loss);
  store<f64>(stats + 8, load<f64>(stats + 8) + <f64>(end - first));
}

/** What the last batch drew. */
const enum Draw {
  /** Items (i32). */
  Negatives,
  /** Indices of the tokens that were targets (u32). */
  Positions,
  /** Number of items of each query (i32). */
  HistoryCounts,
  /** Their lags, historyLength a query (i32). */
  HistoryLags,
  /** 1 for each dimension of a query that dropout kept, vectorBytes a query (f32). */
  KeptDimensions,
}

/** Where something that the last batch drew lies, for tests. */
export function drawsAt(what: i32): usize {
  switch (what) {
    case Draw.Negatives:
      return itemOfSlot;
    case Draw.Positions:
      return batchPositions;
    case Draw.HistoryCounts:
      return historyCounts;
    case Draw.HistoryLags:
      return historyLags;
    default:
      return kept;
  }
}

/** eˣ as training has it, for tests. */
export function exponential(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(x)), 0);
}

/** Whether rows `first` … `end` − 1 of E and D and the lags' weights are finite and small enough to be squared. */
export function isFinite(first: i32, end: i32): bool {
  for (let row = first; row < end; ++row) {
    if (!rowIsFinite(rowOf(items, row)) || !rowIsFinite(rowOf(offsets, row))) return false;
  }
  for (let lag = 0; lag < own.historyLength; ++lag) {
    if (!rowIsFinite(own.lagWeights + <usize>lag * vectorBytes)) return false;
  }
  return true;
}

function rowIsFinite(row: usize): bool {
  const squares = dot(row, row, vectorBytes);
  return squares - squares == 0;
}
