import { lossOf } from './sigmoid';
import { stats } from './state';

/** f64 sums and counts of sampled pairs: positive loss, positive pairs, negative loss, negative pairs. */
let positives: u32 = 0;
let negatives: u32 = 0;
/** One pair (or group of pairs) in this many is sampled. */
const EVERY: u32 = 61;

@inline
function record(offset: usize, loss: f32, weight: f32): void {
  store<f64>(stats + offset, load<f64>(stats + offset) + <f64>(loss * weight));
  store<f64>(stats + offset + 8, load<f64>(stats + offset + 8) + <f64>weight);
}

/** Whether the next positive pair belongs to the sample. */
@inline
export function samplesPositive(): bool {
  if (++positives < EVERY) return false;
  positives = 0;
  return true;
}

@inline
export function samplesNegative(): bool {
  if (++negatives < EVERY) return false;
  negatives = 0;
  return true;
}

export function recordPositive(dot: f32, weight: f32): void {
  record(0, lossOf(dot), weight);
}

export function recordNegative(dot: f32, weight: f32): void {
  record(16, lossOf(-dot), weight);
}
