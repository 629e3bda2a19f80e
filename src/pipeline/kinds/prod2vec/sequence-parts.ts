import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Sequences } from '../../data/prepared-data.ts';

/** Sequences in parts, one for each thread; within a part they keep their order. */
export interface SequenceParts {
  readonly sequences: Sequences;
  /** First sequence of each part, and the end of the last: parts + 1. */
  readonly first: Uint32Array<ArrayBuffer>;
}

/** In the first pass the sequences to come are unknown; a third one hardly moves any. */
const PASSES = 2;
/** A part holds at most this much more than an equal share of the rows. */
const SLACK = 1.02;
/** Rows handled before other work of the process gets a turn. */
const TURN = 1 << 21;

/**
 * Gives each thread sequences that have many items in common, so that it seldom writes the vectors another thread
 * writes: each sequence goes to the part that holds the largest share of its items' other rows and is not full
 * (streaming partition of a hypergraph, Alistarh et al. 2015, repeated).
 */
export async function partSequences(
  sequences: Sequences,
  itemCount: number,
  parts: number,
): Promise<SequenceParts> {
  const count = sequences.offsets.length - 1;
  if (parts === 1) return { sequences, first: Uint32Array.from([0, count]) };
  const partition = new Partition(sequences, itemCount, parts);
  for (let pass = 0; pass < PASSES; pass++) await partition.pass();
  return gather(sequences, partition.partOf, parts);
}

class Partition {
  readonly partOf: Int32Array;
  readonly #sequences: Sequences;
  readonly #parts: number;
  /** Rows of each item in each part: [item][part]. */
  readonly #held: Uint32Array;
  readonly #load: Float64Array;
  #placed = 0;

  constructor(sequences: Sequences, itemCount: number, parts: number) {
    this.#sequences = sequences;
    this.#parts = parts;
    this.#held = new Uint32Array(itemCount * parts);
    this.#load = new Float64Array(parts);
    this.partOf = new Int32Array(sequences.offsets.length - 1).fill(-1);
  }

  async pass(): Promise<void> {
    const { offsets } = this.#sequences;
    let turn = offsets[0] ?? 0;
    for (let s = 0; s < this.partOf.length; s++) {
      const part = this.partOf[s] ?? -1;
      if (part >= 0) this.#move(s, part, -1);
      const best = this.#best(s);
      this.#move(s, best, 1);
      this.partOf[s] = best;
      const end = offsets[s + 1] ?? 0;
      if (end - turn < TURN) continue;
      turn = end;
      await nextTurn();
    }
  }

  #itemsOf(sequence: number): Int32Array {
    const { items, offsets } = this.#sequences;
    return items.subarray(offsets[sequence], offsets[sequence + 1]);
  }

  /** Adds a sequence to a part, or takes it out. */
  #move(sequence: number, part: number, by: 1 | -1): void {
    const items = this.#itemsOf(sequence);
    for (const item of items) {
      const at = item * this.#parts + part;
      this.#held[at] = (this.#held[at] ?? 0) + by;
    }
    this.#load[part] = (this.#load[part] ?? 0) + by * items.length;
    this.#placed += by * items.length;
  }

  #best(sequence: number): number {
    const shares = this.#sharesOf(sequence);
    const full = (SLACK * this.#placed) / this.#parts;
    let best = this.#load.indexOf(Math.min(...this.#load));
    shares.forEach((share, part) => {
      if (share > (shares[best] ?? 0) && (this.#load[part] ?? 0) <= full) best = part;
    });
    return best;
  }

  /** How much of the sequence's items each part holds, an item held by one part only counting 1. */
  #sharesOf(sequence: number): Float64Array {
    const parts = this.#parts;
    const shares = new Float64Array(parts);
    for (const item of this.#itemsOf(sequence)) {
      let rows = 0;
      for (let part = 0; part < parts; part++) rows += this.#held[item * parts + part] ?? 0;
      if (rows === 0) continue;
      for (let part = 0; part < parts; part++)
        shares[part] = (shares[part] ?? 0) + (this.#held[item * parts + part] ?? 0) / rows;
    }
    return shares;
  }
}

/** Copies the sequences part by part. */
function gather({ items, offsets }: Sequences, partOf: Int32Array, parts: number): SequenceParts {
  const gathered = new Int32Array((offsets.at(-1) ?? 0) - (offsets[0] ?? 0));
  const ends = new Uint32Array(offsets.length);
  const first = new Uint32Array(parts + 1);
  let to = 0;
  let at = 0;
  for (let part = 0; part < parts; part++) {
    first[part] = to;
    partOf.forEach((of, s) => {
      if (of !== part) return;
      const sequence = items.subarray(offsets[s], offsets[s + 1]);
      gathered.set(sequence, at);
      at += sequence.length;
      ends[++to] = at;
    });
  }
  first[parts] = to;
  return { sequences: { items: gathered, offsets: ends }, first };
}
