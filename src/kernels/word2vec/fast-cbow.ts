/**
 * CBOW in groups of neighbouring centres. Context sums are differences of prefix sums over the group's input rows,
 * negatives are shared by four centres (each draw weighs negative / sharedNegatives, so the expected gradient is gensim's),
 * and the errors reach the context rows at the group's end through a difference array and one running sum.
 */
import { trainNegatives4x4 } from './blocks';
import { blocksOf, idAt, idsOf, reachAt } from './sentence';
import { MAX_DOT, sigmoid } from './sigmoid';
import { dot } from './simd';
import { cancelled, groupSize, inputRow, meanOfContext, outputRow, sharedNegatives, vectorBytes, windowSize } from './state';
import { drawShared, touchTargets, weightOfDraw } from './shared-negatives';
import { recordPositive, samplesPositive } from './stats';

/** Bytes of a cache line. */
const LINE: usize = 64;

let hiddens: usize = 0;
let errors: usize = 0;
let sums: usize = 0;
let changes: usize = 0;
/** Negatives of each four centres of the group, one after the other. */
let negativeIds: usize = 0;
let negativeRows: usize = 0;
let weights: usize = 0;

function layOut(): void {
  const rows = <usize>(groupSize + 2 * windowSize + 1);
  hiddens = blocksOf();
  errors = hiddens + <usize>groupSize * vectorBytes;
  sums = errors + <usize>groupSize * vectorBytes;
  changes = sums + rows * vectorBytes;
  negativeIds = changes + rows * vectorBytes;
  negativeRows = negativeIds + <usize>groupSize * <usize>sharedNegatives;
  weights = negativeRows + <usize>groupSize * <usize>sharedNegatives;
}

/** sums[m] = the sum of the input rows of positions from … from + m - 1; the difference array is cleared. */
function sumInputs(from: i32, to: i32): void {
  let at: usize = 0;
  for (; at + LINE <= vectorBytes; at += LINE) sumLine(from, to, at);
  for (; at < vectorBytes; at += 16) sumBlock(from, to, at);
}

/** `sumInputs` of one cache line of the rows: its running sums stay in registers. */
function sumLine(from: i32, to: i32, at: usize): void {
  const size = vectorBytes;
  const none = f32x4.splat(0);
  let a = none;
  let b = none;
  let c = none;
  let d = none;
  let sum = sums + at;
  let change = changes + at;
  for (let m = from; ; ++m, sum += size, change += size) {
    v128.store(sum, a);
    v128.store(sum, b, 16);
    v128.store(sum, c, 32);
    v128.store(sum, d, 48);
    v128.store(change, none);
    v128.store(change, none, 16);
    v128.store(change, none, 32);
    v128.store(change, none, 48);
    if (m >= to) return;
    const row = inputRow(idAt(m)) + at;
    a = f32x4.add(a, v128.load(row));
    b = f32x4.add(b, v128.load(row, 16));
    c = f32x4.add(c, v128.load(row, 32));
    d = f32x4.add(d, v128.load(row, 48));
  }
}

/** `sumInputs` of four numbers of the rows. */
function sumBlock(from: i32, to: i32, at: usize): void {
  const none = f32x4.splat(0);
  let running = none;
  let offset = at;
  for (let m = from; ; ++m, offset += vectorBytes) {
    v128.store(sums + offset, running);
    v128.store(changes + offset, none);
    if (m >= to) return;
    running = f32x4.add(running, v128.load(inputRow(idAt(m)) + at));
  }
}

/** The hidden vector of a centre: the mean (or sum) of its context; its error is cleared. */
@inline
function sumContext(centre: i32, length: i32, from: i32, hidden: usize, error: usize): void {
  const size = vectorBytes;
  const low = max(0, centre - reachAt(centre));
  const high = min(length, centre + reachAt(centre) + 1);
  const scale = f32x4.splat(meanOfContext ? <f32>1 / <f32>max(1, high - low - 1) : 1);
  const below = sums + <usize>(low - from) * size;
  const above = sums + <usize>(high - from) * size;
  const own = inputRow(idAt(centre));
  for (let at: usize = 0; at < size; at += 16) {
    const context = f32x4.sub(f32x4.sub(v128.load(above + at), v128.load(below + at)), v128.load(own + at));
    v128.store(hidden + at, f32x4.mul(context, scale));
  }
}

/** The target's pair. The error starts with its gradient. */
@inline
function trainTarget(hidden: usize, error: usize, target: i32, alpha: f32): void {
  const size = vectorBytes;
  const row = outputRow(target);
  const product = dot(hidden, row, size);
  if (samplesPositive()) recordPositive(product, 1);
  const trainable = product > -MAX_DOT && product < MAX_DOT;
  const gradient = f32x4.splat(trainable ? (1 - sigmoid(product)) * alpha : 0);
  for (let at: usize = 0; at < size; at += 16) {
    const old = v128.load(row + at);
    v128.store(error + at, f32x4.mul(gradient, old));
    v128.store(row + at, f32x4.add(old, f32x4.mul(gradient, v128.load(hidden + at))));
  }
}

/** All ones in the lanes of those of four centres that are in the group. */
@inline
function insideGroup(first: i32, end: i32): v128 {
  return i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(end - first));
}

/** Weights of the pairs of four centres with four negatives: nothing beyond the group, nothing where a negative is the target. */
@inline
function weigh(targets: v128, weight: v128, ids: usize): void {
  for (let k: usize = 0; k < 16; k += 4) {
    const hits = i32x4.eq(v128.load32_splat(ids + k), targets);
    v128.store(weights + (k << 2), v128.andnot(weight, hits));
  }
}

function trainNegatives(start: i32, end: i32, alpha: f32): void {
  const weight = f32x4.splat(weightOfDraw(alpha));
  for (let first = start; first < end; first += 4) {
    const targets = v128.load(idsOf() + (<usize>first << 2));
    const inside = v128.and(weight, insideGroup(first, end));
    const offset = <usize>(first - start) * vectorBytes;
    const drawn = <usize>(first - start) * <usize>sharedNegatives;
    for (let k = 0; k < sharedNegatives; k += 4) {
      weigh(targets, inside, negativeIds + drawn + (<usize>k << 2));
      trainNegatives4x4(hiddens + offset, errors + offset, negativeRows + drawn + (<usize>k << 2), weights);
    }
  }
}

/** Notes a centre's error in the difference array: + at its window's start, - after its end, and out again at the centre. */
@inline
function noteError(centre: i32, length: i32, from: i32, error: usize): void {
  const size = vectorBytes;
  const low = max(0, centre - reachAt(centre));
  const high = min(length, centre + reachAt(centre) + 1);
  const start = changes + <usize>(low - from) * size;
  const own = changes + <usize>(centre - from) * size;
  const next = own + size;
  const stop = changes + <usize>(high - from) * size;
  const scale = f32x4.splat(meanOfContext ? 1 : <f32>1 / <f32>max(1, high - low - 1));
  for (let at: usize = 0; at < size; at += 16) {
    const e = f32x4.mul(scale, v128.load(error + at));
    v128.store(start + at, f32x4.add(v128.load(start + at), e));
    v128.store(own + at, f32x4.sub(v128.load(own + at), e));
    v128.store(next + at, f32x4.add(v128.load(next + at), e));
    v128.store(stop + at, f32x4.sub(v128.load(stop + at), e));
  }
}

/** Adds the running sum of the difference array to the input rows. */
function applyErrors(from: i32, to: i32): void {
  let at: usize = 0;
  for (; at + LINE <= vectorBytes; at += LINE) applyLine(from, to, at);
  for (; at < vectorBytes; at += 16) applyBlock(from, to, at);
}

/** `applyErrors` of one cache line of the rows. */
function applyLine(from: i32, to: i32, at: usize): void {
  const size = vectorBytes;
  let change = changes + at;
  let a = v128.load(change);
  let b = v128.load(change, 16);
  let c = v128.load(change, 32);
  let d = v128.load(change, 48);
  for (let m = from; ; ) {
    const row = inputRow(idAt(m)) + at;
    v128.store(row, f32x4.add(v128.load(row), a));
    v128.store(row, f32x4.add(v128.load(row, 16), b), 16);
    v128.store(row, f32x4.add(v128.load(row, 32), c), 32);
    v128.store(row, f32x4.add(v128.load(row, 48), d), 48);
    if (++m >= to) return;
    change += size;
    a = f32x4.add(a, v128.load(change));
    b = f32x4.add(b, v128.load(change, 16));
    c = f32x4.add(c, v128.load(change, 32));
    d = f32x4.add(d, v128.load(change, 48));
  }
}

/** `applyErrors` of four numbers of the rows. */
function applyBlock(from: i32, to: i32, at: usize): void {
  let running = f32x4.splat(0);
  let change = changes + at;
  for (let m = from; m < to; ++m, change += vectorBytes) {
    const row = inputRow(idAt(m)) + at;
    running = f32x4.add(running, v128.load(change));
    v128.store(row, f32x4.add(v128.load(row), running));
  }
}

function trainGroup(start: i32, end: i32, length: i32, alpha: f32): void {
  const size = vectorBytes;
  const from = max(0, start - windowSize);
  const to = min(length, end + windowSize);
  for (let first = start; first < end; first += 4) {
    const drawn = <usize>(first - start) * <usize>sharedNegatives;
    drawShared(negativeIds + drawn, negativeRows + drawn);
  }
  touchTargets(start, end, weights);
  sumInputs(from, to);
  for (let centre = start; centre < end; ++centre) {
    const offset = <usize>(centre - start) * size;
    sumContext(centre, length, from, hiddens + offset, errors + offset);
    trainTarget(hiddens + offset, errors + offset, idAt(centre), alpha);
  }
  trainNegatives(start, end, alpha);
  for (let centre = start; centre < end; ++centre) {
    noteError(centre, length, from, errors + <usize>(centre - start) * size);
  }
  applyErrors(from, to);
}

/** `groupSize` is a multiple of 4; rows of the blocks beyond a short group keep old, finite numbers and weigh nothing. */
export function fastCbow(length: i32, alpha: f32): void {
  if (length < 2) return;
  layOut();
  for (let start = 0; start < length && !cancelled(); start += groupSize) {
    trainGroup(start, min(start + groupSize, length), length, alpha);
  }
}
