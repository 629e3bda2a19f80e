/**
 * Word2vec with negative sampling as gensim 4 does it, in plain TypeScript, slow and readable: the oracle for the kernel.
 * Every rule in which re-implementations differ can be broken on purpose, to show that a test would notice.
 */
export type Rule =
  | 'words go before windows are laid'
  | 'a draw equal to the target is skipped'
  | 'pairs with |dot| >= 6 are skipped'
  | 'the CBOW error goes in full to every context word'
  | 'the CBOW input is the mean'
  | 'skip-gram: the input is the context word'
  | 'windows shrink at random';

export interface ReferenceOptions {
  readonly skipGram: boolean;
  readonly window: number;
  readonly negative: number;
  readonly alpha: number;
  readonly cumulative: Uint32Array;
  /** 32-bit keep thresholds, or undefined without sub-sampling. */
  readonly keep?: Uint32Array;
  readonly cbowMean: boolean;
  readonly shrinkWindows: boolean;
  readonly broken?: Rule;
}

export interface Weights {
  input: number[][];
  output: number[][];
}

/** The generator of word2vec: x ← x · 25214903917 + 11 mod 2^48; 32 bits from bit 16 on. */
export class Lcg {
  private state: bigint;
  constructor(state: bigint) {
    this.state = state & 0xffffffffffffn;
  }
  next(): number {
    const bits = Number((this.state >> 16n) & 0xffffffffn);
    this.state = (this.state * 25214903917n + 11n) & 0xffffffffffffn;
    return bits;
  }
}

/** splitmix64's finaliser over three words, as the kernel seeds a unit of work. */
export function mix(a: number, b: number, c: number): bigint {
  const word = (1n << 64n) - 1n;
  const golden = 0x9e3779b97f4a7c15n;
  let z = ((BigInt(a) << 32n) | BigInt(b)) + BigInt(c) * golden + golden;
  z &= word;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & word;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & word;
  return z ^ (z >> 31n);
}

const EXP = Array.from({ length: 1000 }, (_, i) => {
  const power = Math.exp(((i / 1000) * 2 - 1) * 6);
  return power / (power + 1);
});

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, d) => sum + value * (b[d] ?? 0), 0);
}

function axpy(y: number[], x: readonly number[], scale: number): void {
  x.forEach((value, d) => (y[d] = (y[d] ?? 0) + scale * value));
}

const at = (rows: number[][], index: number | undefined): number[] => rows[index ?? -1] ?? [];

/** Trains one sentence of row numbers in place. */
export function trainReference(
  sentence: readonly number[],
  weights: Weights,
  random: Lcg,
  options: ReferenceOptions,
): void {
  const { words, present } = readWords(sentence, random, options);
  const reach = words.map(() => {
    const reduction = options.shrinkWindows ? random.next() % options.window : 0;
    return options.window - (options.broken === 'windows shrink at random' ? 0 : reduction);
  });
  words.forEach((_, centre) => {
    if (present[centre] !== true) return;
    const r = reach[centre] ?? 0;
    const context: number[] = [];
    for (let m = Math.max(0, centre - r); m < Math.min(words.length, centre + r + 1); m++) {
      if (m !== centre && present[m] === true) context.push(words[m] ?? -1);
    }
    if (options.skipGram) trainSkipGram(words[centre] ?? -1, context, weights, random, options);
    else trainCbow(words[centre] ?? -1, context, weights, random, options);
  });
}

/** Sub-sampled words are gone; with the rule broken they keep their place in the window. */
function readWords(sentence: readonly number[], random: Lcg, { keep, broken }: ReferenceOptions) {
  const drawn = sentence.map((word) => keep === undefined || (keep[word] ?? 0) >= random.next());
  if (broken === 'words go before windows are laid') return { words: sentence, present: drawn };
  const words = sentence.filter((_, i) => drawn[i]);
  return { words, present: words.map(() => true) };
}

function trainCbow(
  target: number,
  context: readonly number[],
  { input, output }: Weights,
  random: Lcg,
  options: ReferenceOptions,
): void {
  const hidden = at(input, 0).map(() => 0);
  for (const word of context) axpy(hidden, at(input, word), 1);
  const mean = options.broken === 'the CBOW input is the mean' ? !options.cbowMean : options.cbowMean;
  const inverse = context.length > 0 ? 1 / context.length : 1;
  if (mean) hidden.forEach((value, d) => (hidden[d] = value * inverse));
  const error = trainOutputs(hidden, target, output, random, options);
  const full =
    options.broken === 'the CBOW error goes in full to every context word'
      ? !options.cbowMean
      : options.cbowMean;
  for (const word of context) axpy(at(input, word), error, full ? 1 : inverse);
}

function trainSkipGram(
  centre: number,
  context: readonly number[],
  { input, output }: Weights,
  random: Lcg,
  options: ReferenceOptions,
): void {
  const swapped = options.broken === 'skip-gram: the input is the context word';
  for (const word of context) {
    const row = at(input, swapped ? centre : word);
    const error = trainOutputs(row, swapped ? word : centre, output, random, options);
    axpy(row, error, 1);
  }
}

/** The target, then the negatives; returns the error of the hidden vector. */
function trainOutputs(
  hidden: readonly number[],
  target: number,
  output: number[][],
  random: Lcg,
  options: ReferenceOptions,
): number[] {
  const error = hidden.map(() => 0);
  trainOutput(hidden, error, at(output, target), 1, options);
  for (let n = 0; n < options.negative; n++) {
    let drawn = draw(options.cumulative, random);
    if (options.broken === 'a draw equal to the target is skipped') {
      while (drawn === target) drawn = draw(options.cumulative, random);
    }
    if (drawn !== target) trainOutput(hidden, error, at(output, drawn), 0, options);
  }
  return error;
}

function draw(cumulative: Uint32Array, random: Lcg): number {
  const value = random.next() % (cumulative.at(-1) ?? 1);
  return cumulative.findIndex((bound) => bound >= value);
}

function trainOutput(
  hidden: readonly number[],
  error: number[],
  row: number[],
  label: number,
  { alpha, broken }: ReferenceOptions,
): void {
  const product = dot(hidden, row);
  let probability: number;
  if (Math.abs(product) >= 6) {
    if (broken !== 'pairs with |dot| >= 6 are skipped') return;
    probability = product > 0 ? 1 : 0;
  } else probability = EXP[Math.trunc((product + 6) * 83)] ?? NaN;
  const gradient = (label - probability) * alpha;
  axpy(error, row, gradient);
  axpy(row, hidden, gradient);
}
