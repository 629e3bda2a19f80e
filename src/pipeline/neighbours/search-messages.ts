/** What the thread that owns an index and its workers say to each other. */
import type { SearchJob } from './search-job.ts';
import type { IndexShape, TileLayout } from './tile-search.ts';

/** Given to a worker when it starts. */
export interface WorkerSetup {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly shape: IndexShape;
}

/** Places of the control array, which all threads share. */
export const CONTROL = { nextTile: 0, cancelled: 1, length: 2 } as const;

/** One job for one worker. */
export interface WorkerTask {
  readonly job: SearchJob;
  readonly control: Int32Array;
  readonly layout: TileLayout;
  readonly base: number;
}

/** The worker has nothing left to do, or it failed. */
export interface WorkerReply {
  readonly error?: string;
}
