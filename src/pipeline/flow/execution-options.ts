/** How a run is executed here; none of this changes a result in deterministic mode, so none of it is in a step's key. */
export interface ExecutionOptions {
  /** Threads all running branches may use together. */
  readonly maxWorkers: number;
  /** Threads of one branch; 0: shared out by the driver. */
  readonly threads: number;
  /** MiB (2^20 bytes) that all processes of the run may use together, its driver included. */
  readonly memoryLimit: number;
}
