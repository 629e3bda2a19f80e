import { cumulative, guide, guideShift } from './state';

/** The 48-bit linear congruential generator of word2vec and gensim. */
let randomState: u64 = 1;

const MASK: u64 = 281474976710655;

export function setRandomState(value: u64): void {
  randomState = value & MASK;
}

export function getRandomState(): u64 {
  return randomState;
}

/** The next 32 random bits. */
@inline
export function random32(): u32 {
  const bits = <u32>(randomState >> 16);
  randomState = (randomState * 25214903917 + 11) & MASK;
  return bits;
}

/** A well mixed 64-bit value of three words (splitmix64's finaliser), so that every unit of work has draws of its own. */
export function mix(a: u32, b: u32, c: u32): u64 {
  let z: u64 = (<u64>a << 32) | <u64>b;
  z += <u64>c * 0x9e3779b97f4a7c15 + 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/** The first row whose cumulative value is not below `value` (bisect_left), found from the guide table in a step or two. */
@inline
export function rowAt(value: u32): i32 {
  let row = load<u32>(guide + (<usize>(value >> guideShift) << 2));
  while (load<u32>(cumulative + (<usize>row << 2)) < value) row += 1;
  return row;
}
