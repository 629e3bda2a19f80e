import type { EncoderPlan } from './memory-plan.ts';

/** Indices of the shared control words (i32, each on a cache line of its own). */
export const CONTROL = {
  /** Next batch of the epoch to take. */
  next: 0,
  /** Non-zero: stop now. */
  cancel: 16,
} as const;

/** What a training worker is started with. */
export interface EncoderWorkerData {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly plan: EncoderPlan;
  readonly thread: number;
  readonly threads: number;
  readonly items: number;
  readonly dimensions: number;
  readonly positions: number;
  readonly batchSize: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly lagRate: number;
}

/**
 * To a worker: fill your share of the vectors, take batches of this epoch (from 0) until none is left, or check your share
 * of the weights, when no thread trains.
 */
export type EncoderOrder =
  { readonly kind: 'fill' } | { readonly kind: 'epoch'; readonly epoch: number } | { readonly kind: 'check' };

/** From a worker: the order is done; for a check, whether all numbers are finite. */
export interface EncoderDone {
  readonly finite: boolean;
}

/** The share of the learning rate that is left at the end. */
const LAST_SHARE = 0.05;

/** Falls linearly to 5 %. @param done share of the training done, 0 … 1 */
export function rateAt(rate: number, done: number): number {
  return rate * (1 - (1 - LAST_SHARE) * done);
}
