/**
 * The small matrix products of the fast algorithms (Ji et al. 2016): four dense rows against four output rows,
 * and four dense rows against one. They stay functions of their own: V8 optimises what is called often.
 */
import { multiplyAdd, sumsOfLanes4 } from './simd';
import { sigmoid4, trainable4 } from './sigmoid';
import { vectorBytes } from './state';
import { recordNegative, recordPositive, samplesNegative, samplesPositive } from './stats';

/** -sigmoid(dots) · weights where the pair is trained, else 0. */
@inline
function pushAway(dots: v128, weights: v128): v128 {
  return v128.and(f32x4.neg(f32x4.mul(sigmoid4(dots), weights)), trainable4(dots));
}

/**
 * Negative pairs of four hidden rows (from `hidden` on, `vectorBytes` apart) with four output rows.
 * @param error four rows that get the gradient of the hidden rows; may be the hidden rows themselves
 * @param rows four addresses of output rows, trained in place
 * @param weights learning rate × weight of each pair: [output row][hidden row], 16 f32; overwritten
 */
export function trainNegatives4x4(hidden: usize, error: usize, rows: usize, weights: usize): void {
  const size = vectorBytes;
  const n0 = <usize>load<u32>(rows, 0);
  const n1 = <usize>load<u32>(rows, 4);
  const n2 = <usize>load<u32>(rows, 8);
  const n3 = <usize>load<u32>(rows, 12);
  const h1 = hidden + size;
  const h2 = h1 + size;
  const h3 = h2 + size;
  dots2(hidden, h1, h2, h3, n0, n1, weights);
  dots2(hidden, h1, h2, h3, n2, n3, weights + 32);
  const e1 = error + size;
  const e2 = e1 + size;
  const e3 = e2 + size;
  for (let at: usize = 0; at < size; at += 16) {
    const x0 = v128.load(hidden + at);
    const x1 = v128.load(h1 + at);
    const x2 = v128.load(h2 + at);
    const x3 = v128.load(h3 + at);
    let y0 = v128.load(error + at);
    let y1 = v128.load(e1 + at);
    let y2 = v128.load(e2 + at);
    let y3 = v128.load(e3 + at);

    let n = v128.load(n0 + at);
    let g0 = v128.load32_splat(weights, 0);
    let g1 = v128.load32_splat(weights, 4);
    let g2 = v128.load32_splat(weights, 8);
    let g3 = v128.load32_splat(weights, 12);
    y0 = multiplyAdd(g0, n, y0);
    y1 = multiplyAdd(g1, n, y1);
    y2 = multiplyAdd(g2, n, y2);
    y3 = multiplyAdd(g3, n, y3);
    v128.store(n0 + at, f32x4.add(multiplyAdd(g0, x0, multiplyAdd(g1, x1, n)), multiplyAdd(g2, x2, f32x4.mul(g3, x3))));

    n = v128.load(n1 + at);
    g0 = v128.load32_splat(weights, 16);
    g1 = v128.load32_splat(weights, 20);
    g2 = v128.load32_splat(weights, 24);
    g3 = v128.load32_splat(weights, 28);
    y0 = multiplyAdd(g0, n, y0);
    y1 = multiplyAdd(g1, n, y1);
    y2 = multiplyAdd(g2, n, y2);
    y3 = multiplyAdd(g3, n, y3);
    v128.store(n1 + at, f32x4.add(multiplyAdd(g0, x0, multiplyAdd(g1, x1, n)), multiplyAdd(g2, x2, f32x4.mul(g3, x3))));

    n = v128.load(n2 + at);
    g0 = v128.load32_splat(weights, 32);
    g1 = v128.load32_splat(weights, 36);
    g2 = v128.load32_splat(weights, 40);
    g3 = v128.load32_splat(weights, 44);
    y0 = multiplyAdd(g0, n, y0);
    y1 = multiplyAdd(g1, n, y1);
    y2 = multiplyAdd(g2, n, y2);
    y3 = multiplyAdd(g3, n, y3);
    v128.store(n2 + at, f32x4.add(multiplyAdd(g0, x0, multiplyAdd(g1, x1, n)), multiplyAdd(g2, x2, f32x4.mul(g3, x3))));

    n = v128.load(n3 + at);
    g0 = v128.load32_splat(weights, 48);
    g1 = v128.load32_splat(weights, 52);
    g2 = v128.load32_splat(weights, 56);
    g3 = v128.load32_splat(weights, 60);
    v128.store(error + at, multiplyAdd(g0, n, y0));
    v128.store(e1 + at, multiplyAdd(g1, n, y1));
    v128.store(e2 + at, multiplyAdd(g2, n, y2));
    v128.store(e3 + at, multiplyAdd(g3, n, y3));
    v128.store(n3 + at, f32x4.add(multiplyAdd(g0, x0, multiplyAdd(g1, x1, n)), multiplyAdd(g2, x2, f32x4.mul(g3, x3))));
  }
}

/** Turns the weights of two output rows against four hidden rows into gradients. */
@inline
function dots2(h0: usize, h1: usize, h2: usize, h3: usize, n0: usize, n1: usize, weights: usize): void {
  const size = vectorBytes;
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let a2 = f32x4.splat(0);
  let a3 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let b2 = f32x4.splat(0);
  let b3 = f32x4.splat(0);
  for (let at: usize = 0; at < size; at += 16) {
    const a = v128.load(n0 + at);
    const b = v128.load(n1 + at);
    let x = v128.load(h0 + at);
    a0 = multiplyAdd(a, x, a0);
    b0 = multiplyAdd(b, x, b0);
    x = v128.load(h1 + at);
    a1 = multiplyAdd(a, x, a1);
    b1 = multiplyAdd(b, x, b1);
    x = v128.load(h2 + at);
    a2 = multiplyAdd(a, x, a2);
    b2 = multiplyAdd(b, x, b2);
    x = v128.load(h3 + at);
    a3 = multiplyAdd(a, x, a3);
    b3 = multiplyAdd(b, x, b3);
  }
  const a = sumsOfLanes4(a0, a1, a2, a3);
  const b = sumsOfLanes4(b0, b1, b2, b3);
  if (samplesNegative()) {
    recordNegative(f32x4.extract_lane(a, 0), v128.any_true(v128.load32_zero(weights)) ? 1 : 0);
  }
  v128.store(weights, pushAway(a, v128.load(weights)));
  v128.store(weights, pushAway(b, v128.load(weights, 16)), 16);
}

/**
 * Positive pairs of one output row with four dense input rows (`vectorBytes` apart); all are trained in place.
 * @param weights learning rate of each pair, 0 for a pair that does not exist
 */
export function trainPositives1x4(row: usize, inputs: usize, weights: v128): void {
  const size = vectorBytes;
  const h1 = inputs + size;
  const h2 = h1 + size;
  const h3 = h2 + size;
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let a2 = f32x4.splat(0);
  let a3 = f32x4.splat(0);
  for (let at: usize = 0; at < size; at += 16) {
    const t = v128.load(row + at);
    a0 = multiplyAdd(t, v128.load(inputs + at), a0);
    a1 = multiplyAdd(t, v128.load(h1 + at), a1);
    a2 = multiplyAdd(t, v128.load(h2 + at), a2);
    a3 = multiplyAdd(t, v128.load(h3 + at), a3);
  }
  const dots = sumsOfLanes4(a0, a1, a2, a3);
  if (samplesPositive() && f32x4.extract_lane(weights, 0) != 0) recordPositive(f32x4.extract_lane(dots, 0), 1);
  const pulls = f32x4.mul(f32x4.sub(f32x4.splat(1), sigmoid4(dots)), weights);
  const gradients = v128.and(pulls, trainable4(dots));
  const g0 = v128.shuffle<f32>(gradients, gradients, 0, 0, 0, 0);
  const g1 = v128.shuffle<f32>(gradients, gradients, 1, 1, 1, 1);
  const g2 = v128.shuffle<f32>(gradients, gradients, 2, 2, 2, 2);
  const g3 = v128.shuffle<f32>(gradients, gradients, 3, 3, 3, 3);
  for (let at: usize = 0; at < size; at += 16) {
    const t = v128.load(row + at);
    const x0 = v128.load(inputs + at);
    const x1 = v128.load(h1 + at);
    const x2 = v128.load(h2 + at);
    const x3 = v128.load(h3 + at);
    v128.store(inputs + at, multiplyAdd(g0, t, x0));
    v128.store(h1 + at, multiplyAdd(g1, t, x1));
    v128.store(h2 + at, multiplyAdd(g2, t, x2));
    v128.store(h3 + at, multiplyAdd(g3, t, x3));
    v128.store(row + at, f32x4.add(multiplyAdd(g0, x0, multiplyAdd(g1, x1, t)), multiplyAdd(g2, x2, f32x4.mul(g3, x3))));
  }
}
