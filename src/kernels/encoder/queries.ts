/** Queries of a batch: h = unit(Σₖ wₖ ⊙ E[item k steps before]), and the way back from their gradients. */
import { dot, multiplyAdd } from '../word2vec/simd';
import { below, uniform } from './random';
import { claimItem, itemGradientAt } from './slots';
import {
  batchSize,
  historyLength,
  itemDropout,
  items,
  lagWeights,
  learnsLags,
  queryDropout,
  rowOf,
  starts,
  tokenAt,
  vectorBytes,
} from './state';

/** Unit queries, one row a position of the batch. */
export let queries: usize = 0;
/** The loss's gradient by each query. */
export let queryGradients: usize = 0;
/** Gradient of the weight of each lag; lags from `usedLags` on have none. */
export let lagGradients: usize = 0;
export let usedLags: i32 = 0;
let inverseLengths: usize = 0;
/** Factors of dropout, 0 or 1, one row a query. */
let kept: usize = 0;
/** Items and lags of each query, historyLength a query, and how many they are. */
let historyItems: usize = 0;
let historyLags: usize = 0;
let historyCounts: usize = 0;

/** Lays out the queries; returns the end. */
export function layOutQueries(from: usize): usize {
  const rows = <usize>batchSize * vectorBytes;
  const words = <usize>batchSize << 2;
  queries = from;
  queryGradients = queries + rows;
  kept = queryGradients + rows;
  lagGradients = kept + rows;
  inverseLengths = lagGradients + <usize>historyLength * vectorBytes;
  historyCounts = inverseLengths + words;
  historyItems = historyCounts + words;
  historyLags = historyItems + words * <usize>historyLength;
  return historyLags + words * <usize>historyLength;
}

export function clearQueries(): void {
  memory.fill(queryGradients, 0, <usize>batchSize * vectorBytes);
  if (usedLags > 0) memory.fill(lagGradients, 0, <usize>usedLags * vectorBytes);
  usedLags = 0;
}

/** Chooses the items that make query `b`: the newest before `position`, some left out at random, at least one kept. */
function chooseHistory(b: i32, position: u32): i32 {
  const start = load<u32>(starts + (<usize>position << 2));
  const length = <i32>min<u32>(position - start, <u32>historyLength);
  const itemsAt = historyItems + (<usize>b * <usize>historyLength << 2);
  const lagsAt = historyLags + (<usize>b * <usize>historyLength << 2);
  let count = 0;
  // Drawn first, so that at least one is left.
  const always = length > 1 && itemDropout > 0 ? <i32>below(length) : -1;
  for (let lag = 0; lag < length; ++lag) {
    if (length > 1 && lag != always && itemDropout > 0 && uniform() < itemDropout) continue;
    store<i32>(itemsAt + (<usize>count << 2), tokenAt(position - 1 - lag));
    store<i32>(lagsAt + (<usize>count << 2), lag);
    count++;
  }
  store<i32>(historyCounts + (<usize>b << 2), count);
  return count;
}

/** Leaves out dimensions of a query at random. */
function dropDimensions(query: usize, keep: usize): void {
  for (let at: usize = 0; at < vectorBytes; at += 4) {
    const factor: f32 = uniform() < queryDropout ? 0 : 1;
    store<f32>(keep + at, factor);
    store<f32>(query + at, load<f32>(query + at) * factor);
  }
}

/** Makes query `b` of the items before a position. */
export function makeQuery(b: i32, position: u32): void {
  const count = chooseHistory(b, position);
  const query = queries + <usize>b * vectorBytes;
  const itemsAt = historyItems + (<usize>b * <usize>historyLength << 2);
  const lagsAt = historyLags + (<usize>b * <usize>historyLength << 2);
  memory.fill(query, 0, vectorBytes);
  for (let i = 0; i < count; ++i) {
    const row = rowOf(items, load<i32>(itemsAt + (<usize>i << 2)));
    const weight = lagWeights + <usize>load<i32>(lagsAt + (<usize>i << 2)) * vectorBytes;
    for (let at: usize = 0; at < vectorBytes; at += 16) {
      v128.store(query + at, multiplyAdd(v128.load(weight + at), v128.load(row + at), v128.load(query + at)));
    }
  }
  if (queryDropout > 0) dropDimensions(query, kept + <usize>b * vectorBytes);
  const inverse = <f32>1 / max<f32>(<f32>1e-12, sqrt<f32>(dot(query, query, vectorBytes)));
  store<f32>(inverseLengths + (<usize>b << 2), inverse);
  const scale = f32x4.splat(inverse);
  for (let at: usize = 0; at < vectorBytes; at += 16) v128.store(query + at, f32x4.mul(v128.load(query + at), scale));
}

/** Carries the gradient of query `b` to the rows of its items and the weights of their lags. */
export function spreadQueryGradient(b: i32): void {
  const query = queries + <usize>b * vectorBytes;
  const gradient = queryGradients + <usize>b * vectorBytes;
  throughUnit(gradient, query, load<f32>(inverseLengths + (<usize>b << 2)), vectorBytes);
  if (queryDropout > 0) {
    const keep = kept + <usize>b * vectorBytes;
    for (let at: usize = 0; at < vectorBytes; at += 16) v128.store(gradient + at, f32x4.mul(v128.load(gradient + at), v128.load(keep + at)));
  }
  const count = load<i32>(historyCounts + (<usize>b << 2));
  const itemsAt = historyItems + (<usize>b * <usize>historyLength << 2);
  const lagsAt = historyLags + (<usize>b * <usize>historyLength << 2);
  for (let i = 0; i < count; ++i) {
    const item = load<i32>(itemsAt + (<usize>i << 2));
    const lag = load<i32>(lagsAt + (<usize>i << 2));
    const into = itemGradientAt(claimItem(item));
    const weight = lagWeights + <usize>lag * vectorBytes;
    for (let at: usize = 0; at < vectorBytes; at += 16) {
      v128.store(into + at, multiplyAdd(v128.load(weight + at), v128.load(gradient + at), v128.load(into + at)));
    }
    if (learnsLags) addLagGradient(lag, rowOf(items, item), gradient);
  }
}

@inline
function addLagGradient(lag: i32, row: usize, gradient: usize): void {
  usedLags = max(usedLags, lag + 1);
  const into = lagGradients + <usize>lag * vectorBytes;
  for (let at: usize = 0; at < vectorBytes; at += 16) {
    v128.store(into + at, multiplyAdd(v128.load(row + at), v128.load(gradient + at), v128.load(into + at)));
  }
}

/** Turns the gradient by a unit vector u = x/|x| into that by x: (g − (g · u) u) / |x|. */
export function throughUnit(gradient: usize, unit: usize, inverseLength: f32, bytes: usize): void {
  const along = f32x4.splat(-dot(gradient, unit, bytes));
  const scale = f32x4.splat(inverseLength);
  for (let at: usize = 0; at < bytes; at += 16) {
    const across = multiplyAdd(along, v128.load(unit + at), v128.load(gradient + at));
    v128.store(gradient + at, f32x4.mul(across, scale));
  }
}
