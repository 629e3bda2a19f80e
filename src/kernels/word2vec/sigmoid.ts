import { sigmoids } from './state';

export const TABLE_SIZE: i32 = 1000;
export const MAX_DOT: f32 = 6;
/** Entries per unit of the argument. gensim's compiled code has the whole number 1000 / 6 / 2 = 83 here, not 83.3; so have we. */
const SCALE: f32 = 83;

/** Fills both tables. NativeMath is software, compiled into this file: the same bits on every machine. */
export function fillSigmoids(): void {
  for (let i = 0; i < TABLE_SIZE; ++i) {
    const power = <f32>NativeMath.exp(((<f64>i / <f64>TABLE_SIZE) * 2.0 - 1.0) * <f64>MAX_DOT);
    const sigmoid: f32 = power / (power + 1);
    store<f32>(sigmoids + (<usize>i << 2), sigmoid);
    store<f32>(sigmoids + (<usize>(TABLE_SIZE + i) << 2), <f32>NativeMath.log(<f64>sigmoid));
  }
}

/** Sigmoid of a dot product strictly between -6 and 6. */
@inline
export function sigmoid(dot: f32): f32 {
  return load<f32>(sigmoids + (<usize><i32>((dot + MAX_DOT) * SCALE) << 2));
}

/** -log sigmoid, with the argument clipped to the table. */
@inline
export function lossOf(dot: f32): f32 {
  const index = <i32>((max<f32>(min<f32>(dot, MAX_DOT), -MAX_DOT) + MAX_DOT) * SCALE);
  return -load<f32>(sigmoids + (<usize>(TABLE_SIZE + min<i32>(index, TABLE_SIZE - 1)) << 2));
}

/** Sigmoid of four dot products; lanes outside (-6, 6) hold something finite that the caller masks. */
@inline
export function sigmoid4(dots: v128): v128 {
  const clipped = f32x4.min(f32x4.max(dots, f32x4.splat(-MAX_DOT)), f32x4.splat(MAX_DOT));
  const shifted = f32x4.mul(f32x4.add(clipped, f32x4.splat(MAX_DOT)), f32x4.splat(SCALE));
  const index = i32x4.shl(i32x4.min_s(i32x4.trunc_sat_f32x4_s(shifted), i32x4.splat(TABLE_SIZE - 1)), 2);
  let result = v128.load32_zero(sigmoids + <usize>i32x4.extract_lane(index, 0));
  result = v128.load_lane<f32>(sigmoids + <usize>i32x4.extract_lane(index, 1), result, 1);
  result = v128.load_lane<f32>(sigmoids + <usize>i32x4.extract_lane(index, 2), result, 2);
  return v128.load_lane<f32>(sigmoids + <usize>i32x4.extract_lane(index, 3), result, 3);
}

/** All ones in the lanes whose dot product lies strictly between -6 and 6. */
@inline
export function trainable4(dots: v128): v128 {
  return f32x4.lt(f32x4.abs(dots), f32x4.splat(MAX_DOT));
}
