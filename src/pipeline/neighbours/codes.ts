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

/** Length of a vector. */
export function lengthOf(vector: Float32Array): number {
  let sum = 0;
  for (const x of vector) sum += x * x;
  return Math.sqrt(sum);
}

function largest(values: Float32Array): number {
  let most = 0;
  for (const x of values) most = Math.max(most, Math.abs(x));
  return most;
}

/** The value of one code unit for rows that lie in `values`, each of `stride` coordinates. */
export function scaleOf(format: CodeFormat, values: Float32Array, stride: number, range: number): number {
  if (format.perWord === 4) return Math.fround(largest(values) / range);
  let longest = 0;
  for (let at = 0; at < values.length; at += stride)
    longest = Math.max(longest, lengthOf(values.subarray(at, at + stride)));
  return Math.fround(longest / range);
}

export interface Coded {
  /** Length of vector minus decoded code. */
  readonly error: number;
  /** Length of the decoded code. */
  readonly length: number;
  /** Sum of the codes. */
  readonly sum: number;
}

/**
 * Codes one vector.
 * @param write receives the dimension and its code, without shift
 */
export function code(
  vector: Float32Array,
  scale: number,
  range: number,
  write: (i: number, code: number) => void,
): Coded {
  let error = 0;
  let length = 0;
  let sum = 0;
  for (let i = 0; i < vector.length; i++) {
    const x = vector[i] ?? 0;
    const unit = scale === 0 ? 0 : Math.max(-range, Math.min(range, Math.round(x / scale)));
    const decoded = unit * scale;
    error += (x - decoded) ** 2;
    length += decoded ** 2;
    sum += unit;
    write(i, unit);
  }
  return { error: Math.sqrt(error), length: Math.sqrt(length), sum };
}
