/**
 * Scales each row to length 1 in place, so that inner products are cosines; a row of zeros stays as it is.
 * Sums in double precision, in order: the same bits on every machine.
 * @param vectors rows × dimensions
 */
export function normalise(vectors: Float32Array, dimensions: number): void {
  for (let start = 0; start + dimensions <= vectors.length; start += dimensions) {
    const row = vectors.subarray(start, start + dimensions);
    let sum = 0;
    for (const x of row) sum += x * x;
    if (sum === 0) continue;
    const length = Math.sqrt(sum);
    for (let i = 0; i < dimensions; i++) row[i] = (row[i] ?? 0) / length;
  }
}
