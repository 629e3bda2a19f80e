import type { MemoryPlan } from './memory-plan.ts';
import type { WorkUnits } from './work-units.ts';

/** Indices of the shared control words (i32, each on a cache line of its own). */
export const CONTROL = {
  /** Non-zero: stop now. The kernel looks at it too. */
  cancel: 16,
  /** Units done, counted over all epochs. */
  done: 32,
  /** Epochs that may be started. */
  allowed: 48,
  /** 1 once tables and vectors are filled. */
  ready: 64,
  /** 1 + the epoch after which a vector was not finite, or 0. */
  notFinite: 80,
  /** Epochs finished. */
  epochsDone: 96,
} as const;

/** f64 of a thread's stats: what the kernel sums (see stats.ts there), then the raw rows done. */
export const STATS = {
  positiveLoss: 0,
  positivePairs: 1,
  negativeLoss: 2,
  negativePairs: 3,
  words: 4,
  length: 5,
} as const;

/** What a training worker is started with. */
export interface TrainWorkerData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly plan: MemoryPlan;
  readonly thread: number;
  readonly mode: number;
  readonly units: WorkUnits;
  /** Ranges of rows that the parts draw negatives from in turn. */
  readonly stripes: number;
  readonly epochs: number;
  readonly alpha: number;
  readonly minAlpha: number;
  readonly nsExponent: number;
  /** Count above which items are sub-sampled, 0 for never. */
  readonly sampleThreshold: number;
}

/** What a worker says: an epoch is finished (by this worker's last unit), or it has ended. */
export type TrainWorkerMessage =
  { readonly kind: 'epoch'; readonly epoch: number } | { readonly kind: 'end' };
