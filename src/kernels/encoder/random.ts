import { positionCount, seed } from './state';

let state: u64 = 1;

/** splitmix64's finaliser (Steele, Lea, Flood 2014). */
@inline
function finalised(value: u64): u64 {
  let z = value;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/** Gives every piece of work draws of its own, whichever thread does it. */
export function seedRandom(epoch: u32, piece: u32): void {
  state = finalised(((<u64>seed << 32) | <u64>epoch) + 0x9e3779b97f4a7c15) ^ (<u64>piece * 0xd1b54a32d192ed03);
}

/** The next 64 random bits. */
@inline
export function random64(): u64 {
  state += 0x9e3779b97f4a7c15;
  return finalised(state);
}

/** A uniform integer below `bound`. */
@inline
export function below(bound: u32): u32 {
  return <u32>(((random64() >> 32) * <u64>bound) >> 32);
}

/** A uniform number in [0, 1). */
@inline
export function uniform(): f32 {
  return <f32>(random64() >> 40) * <f32>5.9604644775390625e-8;
}

/** About normal with variance 1: eight 16-bit uniforms, added (Irwin and Hall). */
export function normal(): f32 {
  let sum: i64 = 0;
  for (let draw = 0; draw < 2; ++draw) {
    const bits = random64();
    sum += <i64>((bits & 0xffff) + ((bits >> 16) & 0xffff) + ((bits >> 32) & 0xffff) + (bits >> 48));
  }
  // Mean 8 · 65535/2, variance 8 · 65536²/12.
  return <f32>(<f64>(sum - 262140) / 53509.919);
}

/**
 * The place in `positions` that comes `index`-th in an epoch: a random permutation without a table, by a Feistel network
 * over the next even power of two whose values outside are walked on (Black and Rogaway 2002).
 */
export function placeOf(index: u32, epoch: u32): u32 {
  const bits = max<u32>(2, 32 - <u32>clz(positionCount - 1));
  const half = (bits + 1) >> 1;
  const mask = (<u32>1 << half) - 1;
  const key = finalised(((<u64>seed << 32) | <u64>epoch) ^ 0x5851f42d4c957f2d);
  let value = index;
  do {
    let left = value >> half;
    let right = value & mask;
    for (let round: u32 = 0; round < 4; ++round) {
      const mixed = <u32>finalised(key + (<u64>round << 40) + <u64>right) & mask;
      const next = left ^ mixed;
      left = right;
      right = next;
    }
    value = (left << half) | right;
  } while (value >= positionCount);
  return value;
}
