/** What a thread that projects is told, and what it says. Both are of one build. */
import type { ProjectionMethod, ProjectionProgress, ProjectionQuality } from '../../protocol/projection.ts';

export interface ProjectionOrder {
  /** Rows × dimension, of length 1, in shared memory. */
  readonly values: Float32Array;
  readonly dimension: number;
  readonly seed: number;
  readonly task: ProjectionMethod | 'clusters';
}

export interface MadeProjection {
  readonly positions: Float32Array;
  /** Absent of too few items. */
  readonly quality?: ProjectionQuality;
}

export type ProjectionMessage =
  | { readonly type: 'progress'; readonly progress: ProjectionProgress; readonly positions?: Float32Array }
  | { readonly type: 'projected'; readonly made: MadeProjection }
  | {
      readonly type: 'clustered';
      readonly ofRow: Uint8Array;
      readonly typical: readonly (readonly number[])[];
    }
  | { readonly type: 'failed'; readonly message: string };
