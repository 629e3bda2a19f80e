/** Adam (Kingma and Ba 2015) on the rows a batch touched, each with its own number of steps. */
import { multiplyAdd } from '../word2vec/simd';
import { correctionCount, corrections } from './state';

const FIRST_DECAY: f32 = 0.9;
const SECOND_DECAY: f32 = 0.99;
const EPSILON: f32 = 1e-8;

/** One step of `bytes` bytes of parameters along their gradient. */
export function adamStep(row: usize, first: usize, second: usize, steps: usize, gradient: usize, bytes: usize, rate: f32): void {
  const step = load<i32>(steps) + 1;
  store<i32>(steps, step);
  const correction = corrections + (<usize>(min(step, correctionCount) - 1) << 3);
  const firstRate = f32x4.splat(-rate * load<f32>(correction));
  const secondScale = f32x4.splat(load<f32>(correction, 4));
  const freshFirst = f32x4.splat(<f32>1 - FIRST_DECAY);
  const freshSecond = f32x4.splat(<f32>1 - SECOND_DECAY);
  const epsilon = f32x4.splat(EPSILON);
  for (let at: usize = 0; at < bytes; at += 16) {
    const g = v128.load(gradient + at);
    const m0 = v128.load(first + at);
    const v0 = v128.load(second + at);
    const m = multiplyAdd(freshFirst, f32x4.sub(g, m0), m0);
    const v = multiplyAdd(freshSecond, f32x4.sub(f32x4.mul(g, g), v0), v0);
    v128.store(first + at, m);
    v128.store(second + at, v);
    const size = f32x4.add(f32x4.sqrt(f32x4.mul(v, secondScale)), epsilon);
    v128.store(row + at, multiplyAdd(firstRate, f32x4.div(m, size), v128.load(row + at)));
  }
}
