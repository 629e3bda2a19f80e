/**
 * Orthonormal directions that hold most of the energy of a set of vectors: what pruning projects on. Any orthonormal
 * directions give exact searches, good ones give fast searches, so samples and few iterations are enough.
 */

/** Multiplications spent on the second moment. */
const MOMENT_WORK = 1e7;
const ITERATIONS = 12;
/** Lines of the second moment that stay in the cache while all vectors pass over them. */
const LINES = 16;
/** Vectors that tell whether a few directions can hold enough at all. */
const GLANCE = 256;

const NO_LINE = new Float64Array(0);

type Matrix = Float64Array[];

/** A cheap fixed sequence of signs: the start of the iteration and the mixing need no more. */
function signs(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state & 0x40000000 ? 1 : -1;
  };
}

function signMatrix(rows: number, columns: number, seed: number): Matrix {
  const next = signs(seed);
  return Array.from({ length: rows }, () => Float64Array.from({ length: columns }, next));
}

function innerProduct(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function subtract(target: Float64Array, factor: number, row: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] ?? 0) - factor * (row[i] ?? 0);
}

/** Projects out the rows before, twice (once loses orthogonality to rounding), and scales to length 1. */
function makeOrthogonal(row: Float64Array, before: Matrix): boolean {
  const started = Math.sqrt(innerProduct(row, row));
  for (let pass = 0; pass < 2; pass++)
    for (const other of before) subtract(row, innerProduct(row, other), other);
  const length = Math.sqrt(innerProduct(row, row));
  if (!(length > started * 1e-8)) return false;
  for (let i = 0; i < row.length; i++) row[i] = (row[i] ?? 0) / length;
  return true;
}

/** Gram–Schmidt in place; a row that depends on those before is replaced by a unit vector that does not. */
function orthonormalise(rows: Matrix): Matrix {
  rows.forEach((row, number) => {
    const before = rows.slice(0, number);
    for (let axis = 0; !makeOrthogonal(row, before); axis++) {
      row.fill(0);
      row[axis] = 1;
    }
  });
  return rows;
}

/** Some of the rows, evenly; at least so many, where there are. */
function sampleOf(vectors: Float32Array, dimensions: number, wanted: number): Float32Array[] {
  const count = vectors.length / dimensions;
  const step = Math.max(1, Math.floor(count / wanted));
  return Array.from({ length: Math.ceil(count / step) }, (_, i) =>
    vectors.subarray(i * step * dimensions, (i * step + 1) * dimensions),
  );
}

/** Sum of x·xᵀ over vectors. */
function secondMoment(sample: readonly Float32Array[], dimensions: number): Matrix {
  const moment = Array.from({ length: dimensions }, () => new Float64Array(dimensions));
  for (let from = 0; from < dimensions; from += LINES)
    for (const x of sample) addProducts(moment, from, Math.min(dimensions, from + LINES), x);
  moment.forEach((line, i) => {
    for (let j = i + 1; j < dimensions; j++) line[j] = moment[j]?.[i] ?? 0;
  });
  return moment;
}

/** Adds x·xᵀ to some lines of a symmetric matrix, up to its diagonal. */
function addProducts(moment: Matrix, from: number, to: number, x: Float32Array): void {
  for (let i = from; i < to; i++) {
    const line = moment[i] ?? NO_LINE;
    const factor = x[i] ?? 0;
    for (let j = 0; j <= i; j++) line[j] = (line[j] ?? 0) + factor * (x[j] ?? 0);
  }
}

function apply(matrix: Matrix, row: Float64Array): Float64Array {
  return Float64Array.from(matrix, (line) => innerProduct(line, row));
}

export interface LeadingDirections {
  /** Orthonormal rows, the strongest first. */
  readonly directions: Float64Array[];
  /** Share of the energy within the first 1, 2, … directions. */
  readonly energy: number[];
}

/** The `count` strongest directions by orthogonal iteration on the second moment. */
export function leadingDirections(
  vectors: Float32Array,
  dimensions: number,
  count: number,
): LeadingDirections {
  const wanted = Math.max(2 * dimensions, Math.floor(MOMENT_WORK / dimensions ** 2));
  return directionsOf(secondMoment(sampleOf(vectors, dimensions, wanted), dimensions), count);
}

/**
 * Share of the energy of a few vectors within their own `count` strongest directions: of all vectors those of any directions
 * hold hardly more. Much quicker told than the directions where there are many dimensions.
 */
export function energyAtBest(vectors: Float32Array, dimensions: number, count: number): number {
  const sample = sampleOf(vectors, dimensions, GLANCE).slice(0, 2 * GLANCE);
  // X·Xᵀ has the energies of Xᵀ·X.
  const columns = Array.from({ length: dimensions }, (_, d) => Float32Array.from(sample, (x) => x[d] ?? 0));
  const most = Math.min(count, sample.length);
  return directionsOf(secondMoment(columns, sample.length), most).energy.at(-1) ?? 1;
}

function directionsOf(moment: Matrix, count: number): LeadingDirections {
  const dimensions = moment.length;
  const total = moment.reduce((sum, line, i) => sum + (line[i] ?? 0), 0);
  let directions = orthonormalise(signMatrix(count, dimensions, 1));
  for (let i = 0; i < ITERATIONS; i++)
    directions = orthonormalise(directions.map((row) => apply(moment, row)));
  let sum = 0;
  const energy = directions.map((row) => {
    sum += innerProduct(row, apply(moment, row));
    return total === 0 ? 1 : sum / total;
  });
  return { directions, energy };
}

/**
 * Other orthonormal directions of the same space, each with about the same energy: short integer codes waste no range
 * on the strongest one.
 */
export function mixed(directions: Float64Array[]): Float64Array[] {
  const mixing = orthonormalise(signMatrix(directions.length, directions.length, 2));
  return mixing.map((weights) => {
    const row = new Float64Array(directions[0]?.length ?? 0);
    directions.forEach((direction, i) => {
      subtract(row, -(weights[i] ?? 0), direction);
    });
    return row;
  });
}
