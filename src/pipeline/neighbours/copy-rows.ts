/** Copies vectors into rows of `stride` floats, zeros at their ends. */
export function copyRows(
  source: Float32Array,
  dimensions: number,
  target: Float32Array,
  stride: number,
): void {
  if (dimensions === stride) {
    target.set(source);
    return;
  }
  target.fill(0);
  for (let from = 0, to = 0; from < source.length; from += dimensions, to += stride) {
    target.set(source.subarray(from, from + dimensions), to);
  }
}
