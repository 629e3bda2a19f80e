/** Queries of a batch: h = unit(Σₖ wₖ ⊙ E[item k steps before]), and the way back from their gradients. */
import { dot, multiplyAdd } from '../word2vec/simd';
import { preload } from './preload';
import { below, uniform } from './random';
import { claimItem, itemGradientAt } from './slots';
import {
  historyLength,
  itemDropout,
  items,
  lagWeights,
  learnsLags,
  queryCapacity,
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
export let kept: usize = 0;
/** Items and lags of each query, historyLength a query, and how many they are. */
let historyItems: usize = 0;
export let historyLags: usize = 0;
export let historyCounts: usize = 0;

/** Lays out the queries; returns the end. */
export function layOutQueries(from: usize): usize {
  const rows = <usize>queryCapacity * vectorBytes;
  const words = <usize>queryCapacity << 2;
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
  memory.fill(queryGradients, 0, <usize>queryCapacity * vectorBytes);
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

/** Sixteen dimensions of Σ wₖ ⊙ E[item k]. */
function sumTile(out: usize, at: usize, itemsAt: usize, lagsAt: usize, count: i32): void {
  let p0 = f32x4.splat(0);
  let p1 = p0;
  let p2 = p0;
  let p3 = p0;
  const rows = items + at;
  const weights = lagWeights + at;
  for (const end = itemsAt + (<usize>count << 2); itemsAt < end; itemsAt += 4) {
    const row = rowOf(rows, load<i32>(itemsAt));
    const weight = weights + <usize>load<i32>(lagsAt) * vectorBytes;
    p0 = multiplyAdd(v128.load(weight), v128.load(row), p0);
    p1 = multiplyAdd(v128.load(weight, 16), v128.load(row, 16), p1);
    p2 = multiplyAdd(v128.load(weight, 32), v128.load(row, 32), p2);
    p3 = multiplyAdd(v128.load(weight, 48), v128.load(row, 48), p3);
    lagsAt += 4;
  }
  v128.store(out, p0);
  v128.store(out, p1, 16);
  v128.store(out, p2, 32);
  v128.store(out, p3, 48);
}

/** Four dimensions, where sixteen are no longer left. */
function narrowSumTile(out: usize, at: usize, itemsAt: usize, lagsAt: usize, count: i32): void {
  let p = f32x4.splat(0);
  for (const end = itemsAt + (<usize>count << 2); itemsAt < end; itemsAt += 4) {
    const weight = lagWeights + at + <usize>load<i32>(lagsAt) * vectorBytes;
    p = multiplyAdd(v128.load(weight), v128.load(rowOf(items + at, load<i32>(itemsAt))), p);
    lagsAt += 4;
  }
  v128.store(out, p);
}

/** Makes query `b` of the items before a position. */
export function makeQuery(b: i32, position: u32): void {
  const count = chooseHistory(b, position);
  const query = queries + <usize>b * vectorBytes;
  const itemsAt = historyItems + (<usize>b * <usize>historyLength << 2);
  const lagsAt = historyLags + (<usize>b * <usize>historyLength << 2);
  // Lags are distinct: the weights come in order, the items' rows from anywhere.
  for (let i = 0; i < count; ++i) preload(rowOf(items, load<i32>(itemsAt + (<usize>i << 2))), vectorBytes);
  let at: usize = 0;
  for (; at + 64 <= vectorBytes; at += 64) sumTile(query + at, at, itemsAt, lagsAt, count);
  for (; at < vectorBytes; at += 16) narrowSumTile(query + at, at, itemsAt, lagsAt, count);
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
    if (learnsLags) spreadToBoth(into, weight, lag, rowOf(items, item), gradient);
    else spreadToItem(into, weight, gradient);
  }
}

@inline
function spreadToItem(into: usize, weight: usize, gradient: usize): void {
  for (let at: usize = 0; at < vectorBytes; at += 16) {
    v128.store(into + at, multiplyAdd(v128.load(weight + at), v128.load(gradient + at), v128.load(into + at)));
  }
}

/** To the item, and to the weight of its lag. */
@inline
function spreadToBoth(into: usize, weight: usize, lag: i32, row: usize, gradient: usize): void {
  usedLags = max(usedLags, lag + 1);
  const intoLag = lagGradients + <usize>lag * vectorBytes;
  for (let at: usize = 0; at < vectorBytes; at += 16) {
    const g = v128.load(gradient + at);
    v128.store(into + at, multiplyAdd(v128.load(weight + at), g, v128.load(into + at)));
    v128.store(intoLag + at, multiplyAdd(v128.load(row + at), g, v128.load(intoLag + at)));
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
