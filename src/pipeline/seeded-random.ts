/** Seeded random numbers and hashes in 32-bit integer arithmetic: the same on every machine. */

/** A well-mixed 32-bit hash of an integer (the finaliser of MurmurHash3; Appleby, public domain). */
export function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A seed for one purpose (`queries/test`), so that purposes do not share a stream. */
export function seedFor(seed: number, purpose: string): number {
  let h = mix32(seed ^ 0x9e3779b9);
  for (let i = 0; i < purpose.length; i++) h = mix32(Math.imul(h, 31) + purpose.charCodeAt(i));
  return h;
}

/** A stream of uniform 32-bit integers: sfc32 (Doty-Humphrey, PractRand). */
export function randomStream(seed: number): () => number {
  let a = mix32(seed);
  let b = mix32(a + 0x6d2b79f5);
  let c = mix32(b + 0x6d2b79f5);
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

const TWO_32 = 4294967296;

/** A uniform integer in [0, bound) from one draw of a stream; the bias is below bound / 2³². */
export function below(bound: number, draw: number): number {
  return Math.floor((draw / TWO_32) * bound);
}

/**
 * A random order of the items, by which equal scores are put in order where a list must be cut. It depends on the seed
 * and the code's hash only, so neither file order nor popularity leaks into a tie.
 */
export function tieOrder(itemCount: number, seed: number): Uint32Array {
  const salt = seedFor(seed, 'ties');
  const order = new Uint32Array(itemCount);
  for (let item = 0; item < itemCount; item++) order[item] = mix32(item ^ salt);
  return order;
}

/** 0 … count − 1 in a seeded random order (Fisher–Yates). */
export function shuffled(count: number, seed: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const next = randomStream(seed);
  for (let i = count - 1; i > 0; i--) {
    const j = below(i + 1, next());
    const held = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = held;
  }
  return order;
}
