/**
 * How many held-out sequences have a near copy in training: a training sequence that holds at least half of their
 * distinct items, five or more, where chance would hardly give one such. It asks for items held, not for likeness, since
 * a playlist that grew, or an earlier state of it, gives as much away as its equal does.
 */
import type { NearCopies } from '../../protocol/held-out.ts';
import { log } from '../deterministic-math.ts';
import { mix32, seedFor } from '../seeded-random.ts';

/** Item codes of all sequences, one after the other: train, validation, test. */
export interface PartedSequences {
  /** Start of each sequence, and the end of the last. */
  readonly offsets: Uint32Array;
  readonly itemCount: number;
  readonly parts: Readonly<Record<'train' | 'validation' | 'test', number>>;
  /** Training rows of each item, where they are known already. */
  readonly trainCounts?: Uint32Array;
  /** The codes from one place to another: good until the next call. */
  read(from: number, to: number): Promise<Int32Array> | Int32Array;
}

/** Fewer distinct items say nothing: two shopping baskets of milk and bread are no copies. */
export const LEAST_ITEMS = 5;
/** Of a held-out sequence's distinct items. */
const SHARE_HELD = 0.5;
/** Copies that chance may give a sequence, were items drawn one by one as often as they stand in training. */
const BY_CHANCE = 0.01;
/** Held-out sequences of a part, drawn by a seeded hash, and their rows: a share has a standard error of at most 1.1 %. */
const MOST_SEQUENCES = 2_000;
const MOST_ROWS = 1 << 21;
/** Steps of counting a training row, on average, before fewer are drawn; so many are in any case. */
const STEPS_A_ROW = 16;
const SURELY_DRAWN = 200;
/** Rows read at a time. */
const BLOCK = 1 << 18;

/** A held-out sequence that is looked at. */
interface Subject {
  /** Distinct items, the rarest first. */
  readonly items: Int32Array;
  /** So many of them a near copy has to hold. */
  readonly enough: number;
  /** Of the first of them, the rarest, it has to hold at least `sign`: the others need not be counted. */
  readonly indexed: number;
  readonly sign: number;
  found: boolean;
}

/**
 * Looks at all held-out sequences, or where these are many at a seeded draw of them, and at all of training, once; the
 * time it takes is linear in rows. Nothing is estimated: whether one of those looked at has a near copy is exact.
 * @param pause lets others go on, between stretches of work
 */
export async function measureNearCopies(
  sequences: PartedSequences,
  seed: number,
  pause: () => Promise<void>,
): Promise<NearCopies> {
  const training = await countTraining(sequences, pause);
  const { train, validation, test } = sequences.parts;
  const from = { validation: train, test: train + validation };
  const drawn = {
    validation: await drawSubjects(sequences, training, from.validation, validation, seed),
    test: await drawSubjects(sequences, training, from.test, test, seed),
  };
  await findCopies(sequences, training, [...drawn.validation.subjects, ...drawn.test.subjects], pause);
  const count = (part: 'validation' | 'test') => ({
    sequences: sequences.parts[part],
    drawn: drawn[part].drawn,
    looked: drawn[part].looked,
    near: drawn[part].subjects.filter(({ found }) => found).length,
  });
  return { validation: count('validation'), test: count('test') };
}

interface Training {
  /** Rows of each item. */
  readonly counts: Uint32Array;
  readonly rows: number;
}

async function countTraining(sequences: PartedSequences, pause: () => Promise<void>): Promise<Training> {
  const rows = sequences.offsets[sequences.parts.train] ?? 0;
  if (sequences.trainCounts !== undefined) return { counts: sequences.trainCounts, rows };
  const counts = new Uint32Array(sequences.itemCount);
  for (let at = 0; at < rows; at += BLOCK) {
    const block = await sequences.read(at, Math.min(rows, at + BLOCK));
    for (const item of block) counts[item] = (counts[item] ?? 0) + 1;
    await pause();
  }
  return { counts, rows };
}

interface Drawn {
  /** Those that can have a near copy at all. */
  readonly subjects: Subject[];
  readonly drawn: number;
  /** Of those drawn, the ones with enough distinct items. */
  readonly looked: number;
}

/** Draws sequences of a part until they are many, or all. */
async function drawSubjects(
  sequences: PartedSequences,
  training: Training,
  first: number,
  count: number,
  seed: number,
): Promise<Drawn> {
  const { offsets } = sequences;
  const subjects: Subject[] = [];
  let [drawn, looked, rows, steps] = [0, 0, 0, 0];
  for (const sequence of drawOrder(first, count, seed)) {
    const [from, to] = [offsets[sequence] ?? 0, offsets[sequence + 1] ?? 0];
    rows += to - from;
    if (looked === MOST_SEQUENCES || rows > MOST_ROWS) break;
    const read = sequences.read(from, to);
    const subject = subjectOf(read instanceof Promise ? await read : read);
    const cost = subject === undefined ? 0 : stepsOf(subject, training);
    const costly = steps + cost > STEPS_A_ROW * training.rows;
    if (costly && drawn >= Math.min(SURELY_DRAWN, count)) break;
    drawn++;
    if (subject === undefined) continue;
    looked++;
    if (canBeFound(subject, training, sequences.parts.train)) {
      subjects.push(subject);
      steps += cost;
    }
  }
  return { subjects, drawn, looked };
}

/** The sequences of a part in an order that depends on the seed alone. */
function drawOrder(first: number, count: number, seed: number): Uint32Array {
  const salt = seedFor(seed, 'near-copies');
  const hashes = Uint32Array.from({ length: count }, (_, n) => mix32(salt ^ mix32(first + n)));
  const order = Uint32Array.from({ length: count }, (_, n) => n);
  order.sort((a, b) => (hashes[a] ?? 0) - (hashes[b] ?? 0) || a - b);
  return order.map((n) => first + n);
}

/** @returns undefined for a sequence of too few distinct items */
function subjectOf(rows: Int32Array): Subject | undefined {
  // Codes descend by rows: the highest are the rarest.
  const sorted = rows.toSorted().reverse();
  const items = sorted.filter((item, at) => item !== sorted[at - 1]);
  if (items.length < LEAST_ITEMS) return undefined;
  const enough = Math.max(LEAST_ITEMS, Math.ceil(SHARE_HELD * items.length));
  // Who holds `enough` of all, holds at least `sign` of any that leave `enough - sign` out.
  const sign = Math.ceil(enough / 2);
  return { items, enough, indexed: items.length - (enough - sign), sign, found: false };
}

function stepsOf({ items, indexed }: Subject, { counts }: Training): number {
  return items.subarray(0, indexed).reduce((sum, item) => sum + (counts[item] ?? 0), 0);
}

/**
 * The logarithm of how many of n training sequences of a length would hold these items of the subject by chance: by
 * Boole's inequality over sequences and choices of as many items, each item held with a probability of at most
 * length · share of the item.
 */
function logExpected(
  held: Int32Array,
  choices: number,
  length: number,
  { counts, rows }: Training,
  n: number,
): number {
  let sum = log(n) + choices;
  for (const item of held) sum += log(Math.min(1, (length * (counts[item] ?? 0)) / rows));
  return sum;
}

/** Whether a training sequence could hold so much of it that it is more than chance. */
function canBeFound({ items, enough }: Subject, training: Training, n: number): boolean {
  const known = items.filter((item) => (training.counts[item] ?? 0) > 0);
  return known.length >= enough && logExpected(known, 0, enough, training, n) < log(BY_CHANCE);
}

/** Goes through training once and marks the subjects of which it has a near copy. */
async function findCopies(
  sequences: PartedSequences,
  training: Training,
  subjects: readonly Subject[],
  pause: () => Promise<void>,
): Promise<void> {
  const { offsets, itemCount, parts } = sequences;
  const finder = new CopyFinder(subjects, itemCount, training, parts.train);
  for (let first = 0; first < parts.train;) {
    const start = offsets[first] ?? 0;
    let last = first + 1;
    while (last < parts.train && (offsets[last + 1] ?? 0) - start <= BLOCK) last++;
    const block = await sequences.read(start, offsets[last] ?? 0);
    for (; first < last; first++)
      finder.take(first, block.subarray((offsets[first] ?? 0) - start, (offsets[first + 1] ?? 0) - start));
    await pause();
  }
}

/** Compares training sequences, one after the other, with all subjects by an index of the subjects' rarest items. */
class CopyFinder {
  readonly #subjects: readonly Subject[];
  readonly #training: Training;
  readonly #sequences: number;
  /** Subjects of item i: #of[#starts[i] … #starts[i + 1]). */
  readonly #starts: Uint32Array;
  readonly #of: Uint32Array;
  /** A bit for each item that any subject has: most rows are of none, and this stays in the processor's cache. */
  readonly #indexed: Uint32Array;
  /** The last training sequence known to hold each item, plus 1. */
  readonly #heldBy: Uint32Array;
  /** Indexed items of each subject that the training sequence holds. */
  readonly #signs: Uint32Array;
  /** Subjects of which it holds any. */
  readonly #touched: number[] = [];
  readonly #logFactorials: Float64Array;

  constructor(subjects: readonly Subject[], itemCount: number, training: Training, sequences: number) {
    this.#subjects = subjects;
    this.#training = training;
    this.#sequences = sequences;
    [this.#starts, this.#of] = indexOf(subjects, itemCount);
    this.#indexed = new Uint32Array((itemCount + 31) >>> 5);
    for (const { items, indexed } of subjects)
      for (const item of items.subarray(0, indexed))
        this.#indexed[item >>> 5] = (this.#indexed[item >>> 5] ?? 0) | (1 << (item & 31));
    this.#heldBy = new Uint32Array(itemCount);
    this.#signs = new Uint32Array(subjects.length);
    this.#logFactorials = logFactorials(
      subjects.reduce((most, { items }) => Math.max(most, items.length), 0),
    );
  }

  take(sequence: number, rows: Int32Array): void {
    const [indexed, starts, of, heldBy] = [this.#indexed, this.#starts, this.#of, this.#heldBy];
    const [signs, touched] = [this.#signs, this.#touched];
    for (const item of rows) {
      if ((((indexed[item >>> 5] ?? 0) >>> (item & 31)) & 1) === 0 || heldBy[item] === sequence + 1) continue;
      heldBy[item] = sequence + 1;
      const end = starts[item + 1] ?? 0;
      for (let at = starts[item] ?? 0; at < end; at++) {
        const subject = of[at] ?? 0;
        const seen = signs[subject] ?? 0;
        if (seen === 0) touched.push(subject);
        signs[subject] = seen + 1;
      }
    }
    this.#compareTouched(sequence, rows);
  }

  #compareTouched(sequence: number, rows: Int32Array): void {
    let marked = false;
    for (const index of this.#touched) {
      const subject = this.#subjects[index];
      const signs = this.#signs[index] ?? 0;
      this.#signs[index] = 0;
      if (subject === undefined || subject.found || signs < subject.sign) continue;
      // Items that are in no index are marked only where it comes to a comparison, which is seldom.
      if (!marked) for (const item of rows) this.#heldBy[item] = sequence + 1;
      marked = true;
      subject.found = this.#isCopy(subject, sequence, rows.length);
    }
    this.#touched.length = 0;
  }

  #isCopy({ items, enough }: Subject, sequence: number, length: number): boolean {
    const held = items.filter((item) => this.#heldBy[item] === sequence + 1);
    if (held.length < enough) return false;
    const [all, some, others] = [items.length, held.length, items.length - held.length].map(
      (n) => this.#logFactorials[n] ?? 0,
    );
    const choices = (all ?? 0) - (some ?? 0) - (others ?? 0);
    return logExpected(held, choices, length, this.#training, this.#sequences) < log(BY_CHANCE);
  }
}

/** Where the subjects of each item begin among all, and these. */
function indexOf(subjects: readonly Subject[], itemCount: number): [Uint32Array, Uint32Array] {
  const starts = new Uint32Array(itemCount + 1);
  for (const { items, indexed } of subjects)
    for (const item of items.subarray(0, indexed)) starts[item + 1] = (starts[item + 1] ?? 0) + 1;
  for (let item = 0; item < itemCount; item++)
    starts[item + 1] = (starts[item + 1] ?? 0) + (starts[item] ?? 0);
  const next = starts.slice();
  const of = new Uint32Array(starts[itemCount] ?? 0);
  for (const [index, { items, indexed }] of subjects.entries())
    for (const item of items.subarray(0, indexed)) {
      const at = next[item] ?? 0;
      of[at] = index;
      next[item] = at + 1;
    }
  return [starts, of];
}

/** ln 0! to ln n! */
function logFactorials(n: number): Float64Array {
  const sums = new Float64Array(n + 1);
  for (let k = 2; k <= n; k++) sums[k] = (sums[k - 1] ?? 0) + log(k);
  return sums;
}
