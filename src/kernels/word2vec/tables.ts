import { mix, random32, setRandomState } from './random';
import { cumulative, dimension, guide, guideShift, inputRow, inputVectors, keep, outputVectors, rowBytes, rowCount, seed } from './state';

const DOMAIN: f64 = 2147483647;

/** The cumulative table of count^exponent over [0, 2^31 - 1] and its guide. `counts`: u32 per row. */
export function fillCumulative(counts: usize, exponent: f64): void {
  let total: f64 = 0;
  for (let i = 0; i < rowCount; ++i) total += NativeMath.pow(<f64>load<u32>(counts + (<usize>i << 2)), exponent);
  let sum: f64 = 0;
  for (let i = 0; i < rowCount; ++i) {
    sum += NativeMath.pow(<f64>load<u32>(counts + (<usize>i << 2)), exponent);
    store<u32>(cumulative + (<usize>i << 2), <u32>nearest((sum / total) * DOMAIN));
  }
  store<u32>(cumulative + (<usize>(rowCount - 1) << 2), <u32>DOMAIN);
  fillGuide();
}

function fillGuide(): void {
  let row: u32 = 0;
  const buckets: u32 = 1 << (31 - guideShift);
  for (let bucket: u32 = 0; bucket < buckets; ++bucket) {
    while (load<u32>(cumulative + (<usize>row << 2)) < bucket << guideShift) row += 1;
    store<u32>(guide + (<usize>bucket << 2), row);
  }
}

/** Sub-sampling: keep probability (sqrt(v/t) + 1) · t/v, at most 1, with t = `threshold` and v the count. */
export function fillKeep(counts: usize, threshold: f64): void {
  for (let i = 0; i < rowCount; ++i) {
    const count = <f64>load<u32>(counts + (<usize>i << 2));
    const probability = (sqrt<f64>(count / threshold) + 1) * (threshold / count);
    store<u32>(keep + (<usize>i << 2), <u32>nearest(min<f64>(probability, 1) * 4294967295.0));
  }
}

/** Input rows uniform in [-1/dimension, 1/dimension), output rows zero; each row has draws of its own. */
export function fillVectors(): void {
  memory.fill(inputVectors, 0, <usize>rowCount * rowBytes);
  memory.fill(outputVectors, 0, <usize>rowCount * rowBytes);
  for (let i = 0; i < rowCount; ++i) {
    setRandomState(mix(seed, i, 0x76656374));
    const row = inputRow(i);
    for (let d = 0; d < dimension; ++d) {
      const unit = <f32>(random32() >> 8) / <f32>16777216;
      store<f32>(row + (<usize>d << 2), (unit * 2 - 1) / <f32>dimension);
    }
  }
}
