/** Projections that are being made: asked for twice, one is made once, and given up when nobody waits any more. */
import type { ProjectionProgress } from '../../protocol/projection.ts';
import type { OnProgress } from './projection-thread.ts';
import type { Projection } from './project.ts';

/** A picture on the way. */
export interface PictureNow {
  readonly progress: ProjectionProgress;
  /** Counted up with every new picture. */
  readonly version: number;
  readonly positions: Float32Array | undefined;
}

interface Job {
  readonly cancel: AbortController;
  readonly result: Promise<Projection>;
  waiting: number;
  now: PictureNow;
}

export type MakeProjection = (signal: AbortSignal, onProgress: OnProgress) => Promise<Projection>;

const STARTING: PictureNow = {
  progress: { stage: 'starting', epoch: 0, epochs: 0 },
  version: 0,
  positions: undefined,
};

export class ProjectionJobs {
  readonly #jobs = new Map<string, Job>();

  /** @throws UserError what the making throws, and at once when the signal is aborted */
  async run(key: string, signal: AbortSignal, make: MakeProjection): Promise<Projection> {
    const job = this.#jobs.get(key) ?? this.#start(key, make);
    job.waiting++;
    const leave = (): void => {
      if (--job.waiting === 0) this.#giveUp(key, job);
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    try {
      return await job.result;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  /** The picture as it is now; undefined where none is being made. */
  now(key: string): PictureNow | undefined {
    return this.#jobs.get(key)?.now;
  }

  #start(key: string, make: MakeProjection): Job {
    const cancel = new AbortController();
    const result = make(cancel.signal, (progress, positions) => {
      const { version, positions: before } = job.now;
      job.now =
        positions === undefined
          ? { progress, version, positions: before }
          : { progress, version: version + 1, positions };
    });
    const job: Job = { cancel, result, waiting: 0, now: STARTING };
    this.#jobs.set(key, job);
    result
      .finally(() => {
        if (this.#jobs.get(key) === job) this.#jobs.delete(key);
      })
      .catch(() => undefined);
    return job;
  }

  /** Whoever asks for it again gets a new one. */
  #giveUp(key: string, job: Job): void {
    if (this.#jobs.get(key) === job) this.#jobs.delete(key);
    job.cancel.abort();
  }
}
