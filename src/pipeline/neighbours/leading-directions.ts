/**
 * Orthonormal directions that hold most of the energy of a set of vectors: what pruning projects on. Any orthonormal
 * directions give exact searches, good ones give fast searches, so samples and few iterations are enough.
 */

/** Multiplications spent on the second moment. */
const MOMENT_WORK = 1e7;
const ITERATIONS = 12;

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

/** Sum of x·xᵀ over a sample of the rows. */
function secondMoment(vectors: Float32Array, dimensions: number): Matrix {
  const count = vectors.length / dimensions;
  const wanted = Math.max(2 * dimensions, Math.floor(MOMENT_WORK / dimensions ** 2));
  const step = Math.max(1, Math.floor(count / wanted));
  const moment = Array.from({ length: dimensions }, () => new Float64Array(dimensions));
  for (let row = 0; row < count; row += step) {
    const x = vectors.subarray(row * dimensions, (row + 1) * dimensions);
    moment.forEach((line, i) => {
      const factor = x[i] ?? 0;
      for (let j = 0; j < dimensions; j++) line[j] = (line[j] ?? 0) + factor * (x[j] ?? 0);
    });
  }
  return moment;
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
  const moment = secondMoment(vectors, dimensions);
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
