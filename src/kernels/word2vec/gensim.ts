/**
 * CBOW and skip-gram with negative sampling exactly as gensim 4 orders and rounds them (up to the order of a dot product's sum).
 */
import { random32, rowAt } from './random';
import { blocksOf, idAt, reachAt } from './sentence';
import { MAX_DOT, sigmoid } from './sigmoid';
import { add, addScaled, dot, multiply } from './simd';
import { cancelled, cumulative, inputRow, meanOfContext, negative, outputRow, rowCount, vectorBytes } from './state';
import { recordNegative, recordPositive, samplesNegative, samplesPositive } from './stats';

/** One output row: `error` gets the gradient of the hidden vector, the row its own. Nothing is done at |dot| >= 6. */
function trainOutput(hidden: usize, error: usize, id: i32, label: f32, alpha: f32): void {
  const row = outputRow(id);
  const product = dot(hidden, row, vectorBytes);
  if (label == 0) {
    if (samplesNegative()) recordNegative(product, 1);
  } else if (samplesPositive()) recordPositive(product, 1);
  if (product <= -MAX_DOT || product >= MAX_DOT) return;
  const gradient = (label - sigmoid(product)) * alpha;
  addScaled(error, row, gradient, vectorBytes);
  addScaled(row, hidden, gradient, vectorBytes);
}

/** The target and its negatives. A draw equal to the target is skipped, not drawn again. */
function trainOutputs(hidden: usize, error: usize, target: i32, alpha: f32): void {
  trainOutput(hidden, error, target, 1, alpha);
  const domain = load<u32>(cumulative + (<usize>(rowCount - 1) << 2));
  for (let n = 0; n < negative; ++n) {
    const drawn = rowAt(random32() % domain);
    if (drawn == target) continue;
    trainOutput(hidden, error, drawn, 0, alpha);
  }
}

/** The sum of the context rows; returns how many there are. */
function sumContext(hidden: usize, centre: i32, from: i32, to: i32): i32 {
  memory.fill(hidden, 0, vectorBytes);
  for (let m = from; m < to; ++m) {
    if (m != centre) add(hidden, inputRow(idAt(m)), vectorBytes);
  }
  return to - from - 1;
}

function trainCentreCbow(centre: i32, length: i32, alpha: f32): void {
  const hidden = blocksOf();
  const error = hidden + vectorBytes;
  const from = max(0, centre - reachAt(centre));
  const to = min(length, centre + reachAt(centre) + 1);
  const count = sumContext(hidden, centre, from, to);
  const inverse: f32 = count > 0 ? <f32>1 / <f32>count : 1;
  if (meanOfContext) multiply(hidden, inverse, vectorBytes);
  memory.fill(error, 0, vectorBytes);
  trainOutputs(hidden, error, idAt(centre), alpha);
  // With the mean the error goes in full to every context row; with the sum it is divided among them. So does gensim.
  if (!meanOfContext) multiply(error, inverse, vectorBytes);
  for (let m = from; m < to; ++m) {
    if (m != centre) add(inputRow(idAt(m)), error, vectorBytes);
  }
}

export function gensimCbow(length: i32, alpha: f32): void {
  for (let centre = 0; centre < length && !cancelled(); ++centre) trainCentreCbow(centre, length, alpha);
}

/** The input is the context word, the output target the centre word. */
function trainCentreSkipGram(centre: i32, length: i32, alpha: f32): void {
  const error = blocksOf();
  const from = max(0, centre - reachAt(centre));
  const to = min(length, centre + reachAt(centre) + 1);
  for (let m = from; m < to; ++m) {
    if (m == centre) continue;
    const hidden = inputRow(idAt(m));
    memory.fill(error, 0, vectorBytes);
    trainOutputs(hidden, error, idAt(centre), alpha);
    add(hidden, error, vectorBytes);
  }
}

export function gensimSkipGram(length: i32, alpha: f32): void {
  for (let centre = 0; centre < length && !cancelled(); ++centre) trainCentreSkipGram(centre, length, alpha);
}
