/** Short integer codes of projected vectors, as src/kernels/topk/codes.ts multiplies them. */

/** How one build of the kernel codes vectors. */
export interface CodeFormat {
  /** Dimensions of a 32-bit word: 4 of 8 bits, or 2 of 16 bits. */
  readonly perWord: 4 | 2;
  /** Largest code of a row's coordinate (8 bits) or length of a row's code (16 bits). */
  readonly rowRange: number;
  readonly queryRange: number;
  /** Added to a row's codes: 8-bit rows are unsigned numbers of 7 bits. */
  readonly shift: number;
}

const BYTES: CodeFormat = { perWord: 4, rowRange: 63, queryRange: 127, shift: 64 };
// Lengths below 2^15 keep every sum of products within 32 bits (Cauchy–Schwarz), roundings included.
const WORDS: CodeFormat = { perWord: 2, rowRange: 32000, queryRange: 32000, shift: 0 };

export function codeFormat(dimensionsPerWord: number): CodeFormat {
  return dimensionsPerWord === 4 ? BYTES : WORDS;
}

/** Length of the vector at `from` … `to`. */
export function lengthOf(values: Float32Array, from = 0, to = values.length): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += (values[i] ?? 0) ** 2;
  return Math.sqrt(sum);
}

/** Length of the longest of the vectors of `stride` coordinates. */
export function longestOf(values: Float32Array, stride: number): number {
  let longest = 0;
  for (let at = 0; at < values.length; at += stride)
    longest = Math.max(longest, lengthOf(values, at, at + stride));
  return longest;
}

function largest(values: Float32Array): number {
  let most = 0;
  for (const x of values) most = Math.max(most, Math.abs(x));
  return most;
}

/** The value of one code unit for vectors of `stride` coordinates. */
export function scaleOf(format: CodeFormat, values: Float32Array, stride: number, range: number): number {
  return Math.fround((format.perWord === 4 ? largest(values) : longestOf(values, stride)) / range);
}

export interface Coded {
  /** Length of vector minus decoded code. */
  readonly error: number;
  /** Length of the decoded code. */
  readonly length: number;
  /** Sum of the codes. */
  readonly sum: number;
}

/** Where the codes of one vector go: words of `perWord` codes, `wordStep` array elements apart. */
export interface CodeTarget {
  readonly codes: Int8Array | Int16Array;
  readonly start: number;
  readonly wordStep: number;
}

/** Codes the vector of `length` coordinates at `from`; each code gets `shift` added where it is stored. */
export function code(
  format: CodeFormat,
  values: Float32Array,
  from: number,
  length: number,
  scale: number,
  range: number,
  shift: number,
  { codes, start, wordStep }: CodeTarget,
): Coded {
  let error = 0;
  let squares = 0;
  let sum = 0;
  for (let i = 0; i < length; i++) {
    const x = values[from + i] ?? 0;
    const unit = scale === 0 ? 0 : Math.max(-range, Math.min(range, Math.round(x / scale)));
    const decoded = unit * scale;
    error += (x - decoded) ** 2;
    squares += decoded ** 2;
    sum += unit;
    codes[start + Math.floor(i / format.perWord) * wordStep + (i % format.perWord)] = unit + shift;
  }
  return { error: Math.sqrt(error), length: Math.sqrt(squares), sum };
}
