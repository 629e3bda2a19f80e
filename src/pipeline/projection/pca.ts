/**
 * Principal components, exact: by the eigenvectors of the covariance of all rows. The sign of each axis, which nothing else
 * decides, is that by which its largest weight is positive, so equal vectors give equal pictures.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Projector, ProjectorInput } from './projector.ts';

type Vectors = Pick<ProjectorInput, 'values' | 'dimension'>;

export function pca(input: Vectors): Projector {
  const positions = principalComponents(input);
  return { epochs: 0, epoch: 0, run: () => undefined, positions: () => positions.slice() };
}

/** x and y of each row along the two directions of most variance. */
export function principalComponents({ values, dimension }: Vectors): Float32Array {
  const rows = values.length / dimension;
  const mean = meanOf(values, dimension);
  const [first, second] = leadingAxes(covariance(values, dimension, mean), dimension);
  const positions = new Float32Array(rows * 2);
  for (let row = 0; row < rows; row++) {
    let [x, y] = [0, 0];
    for (let d = 0; d < dimension; d++) {
      const value = (values[row * dimension + d] ?? 0) - (mean[d] ?? 0);
      x += value * (first[d] ?? 0);
      y += value * (second[d] ?? 0);
    }
    positions[row * 2] = x;
    positions[row * 2 + 1] = y;
  }
  return positions;
}

function meanOf(values: Float32Array, dimension: number): Float64Array {
  const rows = values.length / dimension;
  const mean = new Float64Array(dimension);
  for (let i = 0; i < values.length; i += dimension)
    for (let d = 0; d < dimension; d++) mean[d] = (mean[d] ?? 0) + (values[i + d] ?? 0);
  return mean.map((sum) => sum / Math.max(1, rows));
}

/** Sums of products of the centred rows: the covariance but for a factor, which turns no axis. */
function covariance(values: Float32Array, dimension: number, mean: Float64Array): Float64Array {
  const sums = new Float64Array(dimension * dimension);
  const centred = new Float64Array(dimension);
  for (let i = 0; i < values.length; i += dimension) {
    for (let d = 0; d < dimension; d++) centred[d] = (values[i + d] ?? 0) - (mean[d] ?? 0);
    for (let a = 0; a < dimension; a++) {
      const factor = centred[a] ?? 0;
      const line = a * dimension;
      for (let b = a; b < dimension; b++) sums[line + b] = (sums[line + b] ?? 0) + factor * (centred[b] ?? 0);
    }
  }
  for (let a = 0; a < dimension; a++)
    for (let b = 0; b < a; b++) sums[a * dimension + b] = sums[b * dimension + a] ?? 0;
  return sums;
}

function leadingAxes(sums: Float64Array, dimension: number): [Float64Array, Float64Array] {
  const matrix = Matrix.from1DArray(dimension, dimension, sums);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, i) => i);
  order.sort((a, b) => (realEigenvalues[b] ?? 0) - (realEigenvalues[a] ?? 0));
  // Vectors of one dimension lie on a line.
  const axis = (rank: number): Float64Array => {
    const column = order[rank];
    return column === undefined
      ? new Float64Array(dimension)
      : upright(Float64Array.from(eigenvectorMatrix.getColumn(column)));
  };
  return [axis(0), axis(1)];
}

function upright(axis: Float64Array): Float64Array {
  let largest = 0;
  for (const weight of axis) if (Math.abs(weight) > Math.abs(largest) + 1e-9) largest = weight;
  return largest < 0 ? axis.map((weight) => -weight) : axis;
}
