/**
 * Whether a word may stand in a vocabulary: a Bloom filter (Bloom, 1970, “Space/time trade-offs in hash coding with
 * allowable errors”), small enough to be kept by who must not ask the engine about every word.
 */
import { folded, wordsOfFolded } from './text/fold.ts';

const HASHES = 5;
/** Of a filter that is being filled; it is halved as long as its words leave it room. */
const LARGEST_BITS = 1 << 26;
const SMALLEST_BITS = 1 << 10;
/** Bits set at most, of all: at a third, one word in 243 that is not there seems to be. */
const FULL = 1 / 3;

export interface KeptFilter {
  /** The bits, in base64; their number is a power of two. */
  readonly bits: string;
}

export class WordFilter {
  #bits: Uint8Array;

  private constructor(bits: Uint8Array) {
    this.#bits = bits;
  }

  static empty(): WordFilter {
    return new WordFilter(new Uint8Array(LARGEST_BITS / 8));
  }

  static of({ bits }: KeptFilter): WordFilter {
    return new WordFilter(new Uint8Array(Buffer.from(bits, 'base64')));
  }

  get byteLength(): number {
    return this.#bits.length;
  }

  /** @param name folded already */
  addWords(name: string): void {
    for (const word of wordsOfFolded(name))
      this.#each(word, (byte, bit) => {
        this.#bits[byte] = (this.#bits[byte] ?? 0) | bit;
        return true;
      });
  }

  /** Whether a folded word may have been added; false is certain. */
  has(word: string): boolean {
    return this.#each(word, (byte, bit) => ((this.#bits[byte] ?? 0) & bit) !== 0);
  }

  /** Whether any word of a text may have been added. */
  hasAny(text: string): boolean {
    return wordsOfFolded(folded(text)).some((word) => this.has(word));
  }

  /** As small as its words allow. */
  kept(): KeptFilter {
    let bits = this.#bits;
    while (bits.length * 8 > SMALLEST_BITS) {
      const half = halved(bits);
      if (shareSet(half) > FULL) break;
      bits = half;
    }
    return { bits: Buffer.from(bits).toString('base64') };
  }

  /** Double hashing (Kirsch and Mitzenmacher, 2006). Stops, with false, where the visit gives false. */
  #each(word: string, visit: (byte: number, bit: number) => boolean): boolean {
    const mask = this.#bits.length * 8 - 1;
    let hash = 0x811c9dc5;
    for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
    const step = mixed(hash) | 1;
    for (let i = 0; i < HASHES; i++) {
      const at = (mixed(hash + 0x9e3779b9) + Math.imul(i, step)) & mask;
      if (!visit(at >>> 3, 1 << (at & 7))) return false;
    }
    return true;
  }
}

function mixed(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Places of half as many bits are those of all, taken modulo. */
function halved(bits: Uint8Array): Uint8Array {
  const half = bits.slice(0, bits.length / 2);
  for (let i = 0; i < half.length; i++) half[i] = (half[i] ?? 0) | (bits[half.length + i] ?? 0);
  return half;
}

function shareSet(bits: Uint8Array): number {
  let set = 0;
  for (const byte of bits) for (let rest = byte; rest !== 0; rest &= rest - 1) set++;
  return set / (8 * bits.length);
}
