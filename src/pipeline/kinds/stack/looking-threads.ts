import { WorkerPool } from '../../wasm/worker-pool.ts';
import type { LookedAt } from './look-at.ts';
import type { Opening } from './open-view.ts';
import type { SharedLooking } from './shared-looking.ts';

/** What a thread is given when it starts. */
export interface LookWorkerData extends Omit<Opening, 'members' | 'ties'> {
  /** Of the members' packages, whose files are known to be what was written. */
  readonly members: readonly { readonly name: string; readonly kind: string; readonly folder: string }[];
  readonly seed: number;
}

/** What a thread tells of a chunk. */
export interface LookedChunk {
  readonly number: number;
  readonly looked: LookedAt;
}

/** Looks at queries beside the one that asks. */
export interface Looking {
  /**
   * Takes queries until none are left.
   * @throws UserError when a thread died
   */
  look(shared: SharedLooking, take: (chunk: LookedChunk) => void): Promise<void>;
  dispose(): Promise<void>;
}

/** Threads, each with the members' packages open for itself. */
export class LookingThreads implements Looking {
  readonly #pool: WorkerPool<SharedLooking, null, LookedChunk>;

  /** @param others threads beside the one that asks */
  constructor(others: number, data: LookWorkerData) {
    this.#pool = new WorkerPool('look-worker.mjs', 'A thread that looks at candidates', others, () => data);
  }

  async look(shared: SharedLooking, take: (chunk: LookedChunk) => void): Promise<void> {
    await this.#pool.carryOut(shared, take);
  }

  dispose(): Promise<void> {
    return this.#pool.dispose();
  }
}
