/** A way to place items on the plane, in steps that a person may watch. */
export interface Projector {
  /** Steps in all; 0: the picture is ready at once. */
  readonly epochs: number;
  readonly epoch: number;
  /** Goes on until so many steps are done. */
  run(until: number): void;
  /** x and y of each row, as they are now; a copy. */
  positions(): Float32Array;
}

/** What a projector is given. */
export interface ProjectorInput {
  /** Rows × dimension, of length 1. */
  readonly values: Float32Array;
  readonly dimension: number;
  readonly seed: number;
}
