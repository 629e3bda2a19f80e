import type { Sequences } from '../../data/prepared-data.ts';
import type { EpochVerdict } from '../fitting/early-stopping.ts';
import type { Grouping } from './memory-plan.ts';
import type { Prod2vecParameters } from './parameters.ts';

/** How training stands; sent several times a second and once for every finished epoch. */
export interface TrainProgress {
  /** Finished epochs. */
  readonly epoch: number;
  readonly epochs: number;
  /** Training rows done, of `totalWords` = rows × epochs (dropped and sub-sampled rows count). */
  readonly words: number;
  readonly totalWords: number;
  readonly wordsPerSecond: number;
  /** Mean negative-sampling loss of a sample of pairs in the last finished epoch (before: so far); NaN before any pair. */
  readonly loss: number;
  /** Learning rate now. */
  readonly alpha: number;
}

/** The weights while training waits between two epochs. */
export interface VectorsAccess {
  /** Item code of each row. */
  readonly items: Int32Array;
  readonly dimension: number;
  /** A copy of the input vectors, rows × dimension. */
  readonly vectors: () => Float32Array;
  /** 1 for each row that training has moved so far. */
  readonly trained: () => Uint8Array;
}

export interface TrainRequest {
  readonly sequences: Sequences;
  /** Item codes are 0 … itemCount − 1. */
  readonly itemCount: number;
  readonly parameters: Prod2vecParameters;
  readonly seed: number;
  readonly threads: number;
  /** One thread and plain SIMD: equal bytes from run to run and machine to machine. */
  readonly deterministic: boolean;
  readonly signal?: AbortSignal;
  onProgress?(progress: TrainProgress): void;
  /** Called between epochs, while no thread trains; the weights of the highest score are returned. Without it there is no barrier. */
  afterEpoch?(access: VectorsAccess, epoch: number): Promise<EpochVerdict>;
  /** For experiments only: how the fast algorithms group positions. */
  readonly grouping?: Grouping;
}

export interface TrainedVectors {
  /** Item code of each row, by descending count. */
  readonly items: Int32Array;
  readonly counts: Uint32Array;
  readonly dimension: number;
  /** Input vectors, rows × dimension. */
  readonly vectors: Float32Array;
  readonly outputVectors: Float32Array;
  /** 1 for each row that training moved; the others still are the random vectors they began as. */
  readonly trained: Uint8Array;
  readonly epochsRun: number;
  /** The epoch (from 1) whose weights these are. */
  readonly bestEpoch: number;
  /** Mean sampled loss of each epoch run. */
  readonly losses: readonly number[];
  readonly wordsPerSecond: number;
  /** Whether the relaxed-SIMD build ran. */
  readonly relaxed: boolean;
}
