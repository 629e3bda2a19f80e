/** Short integer codes of projected vectors, as src/kernels/topk/codes.ts multiplies them. */

/** How one build of the kernel codes vectors: rows have 8 bits a dimension. */
export interface CodeFormat {
  /** Largest code of a row's coordinate. */
  readonly rowRange: number;
  /** Added to a row's codes. */
  readonly shift: number;
  /** Queries have 8 bits a dimension, or 16. */
  readonly query: 'bytes' | 'words';
}

/** Dimensions of a word: those of a row that lie side by side. */
export const PER_WORD = 4;

/** Rows are unsigned numbers of 7 bits. */
const RELAXED: CodeFormat = { rowRange: 63, shift: 64, query: 'bytes' };
const PLAIN: CodeFormat = { rowRange: 127, shift: 0, query: 'words' };
const BYTE_RANGE = 127;
/** Lengths below 2^15 keep every sum of products within 32 bits (Cauchy–Schwarz), for millions of dimensions. */
const WORD_LENGTH = 32_000;

export function codeFormat(queryCodeBytes: number): CodeFormat {
  return queryCodeBytes === 1 ? RELAXED : PLAIN;
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

/** The value of one code unit for rows, or one query. */
export function scaleOf(values: Float32Array, range: number): number {
  return Math.fround(largest(values) / range);
}

/** The value of one code unit of a query, and the largest code. */
export function queryScale({ query }: CodeFormat, point: Float32Array): { scale: number; range: number } {
  if (query === 'bytes') return { scale: scaleOf(point, BYTE_RANGE), range: BYTE_RANGE };
  return { scale: Math.fround(lengthOf(point) / WORD_LENGTH), range: WORD_LENGTH };
}

export interface Coded {
  /** Length of vector minus decoded code. */
  readonly error: number;
  /** Length of the decoded code. */
  readonly length: number;
  /** Sum of the codes. */
  readonly sum: number;
}

/** Where the codes of one vector go: words of `PER_WORD` codes, `wordStep` array elements apart. */
export interface CodeTarget {
  readonly codes: Int8Array | Int16Array;
  readonly start: number;
  readonly wordStep: number;
}

/** Codes the vector of `length` coordinates at `from`; each code gets `shift` added where it is stored. */
export function code(
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
  for (let first = 0, at = start; first < length; first += PER_WORD, at += wordStep) {
    const width = Math.min(PER_WORD, length - first);
    for (let i = 0; i < width; i++) {
      const x = values[from + first + i] ?? 0;
      const unit = scale === 0 ? 0 : Math.max(-range, Math.min(range, Math.round(x / scale)));
      const decoded = unit * scale;
      error += (x - decoded) ** 2;
      squares += decoded ** 2;
      sum += unit;
      codes[at + i] = unit + shift;
    }
  }
  return { error: Math.sqrt(error), length: Math.sqrt(squares), sum };
}
