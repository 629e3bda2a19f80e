import type { ServedAnswer, ServedQuery } from './served-query.ts';

/** The queries of one request. */
interface Request {
  readonly answers: ServedAnswer[];
  left: number;
  readonly isGone: () => boolean;
  readonly resolve: (answers: readonly ServedAnswer[]) => void;
  readonly reject: (error: Error) => void;
}

/** A query that waits to be answered. */
export interface QueuedQuery {
  readonly query: ServedQuery;
  readonly answered: (answer: ServedAnswer) => void;
  readonly failed: (error: Error) => void;
  /** Whether nobody waits any more. */
  readonly isGone: () => boolean;
}

/** Queries of requests in the order they came, taken in batches across requests. */
export class QueryQueue {
  #queue: QueuedQuery[] = [];
  /** Place of the first that was not taken. */
  #head = 0;

  get length(): number {
    return this.#queue.length - this.#head;
  }

  /** @param isGone whether the request was given up by its sender */
  add(queries: readonly ServedQuery[], isGone: () => boolean): Promise<readonly ServedAnswer[]> {
    if (queries.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      const request: Request = { answers: [], left: queries.length, isGone, resolve, reject };
      queries.forEach((query, at) => this.#queue.push(queued(request, query, at)));
    });
  }

  /** Takes the next queries that somebody waits for. */
  take(most: number): QueuedQuery[] {
    const taken: QueuedQuery[] = [];
    while (taken.length < most && this.length > 0) {
      const next = this.#queue[this.#head++];
      if (next === undefined) continue;
      if (next.isGone()) next.failed(new Error('the client has gone'));
      else taken.push(next);
    }
    if (this.length === 0) {
      this.#queue = [];
      this.#head = 0;
    }
    return taken;
  }

  failAll(error: Error): void {
    for (const query of this.#queue.splice(this.#head)) query.failed(error);
  }
}

function queued(request: Request, query: ServedQuery, at: number): QueuedQuery {
  return {
    query,
    answered: (answer) => {
      request.answers[at] = answer;
      if (--request.left === 0) request.resolve(request.answers);
    },
    failed: (error) => request.reject(error),
    isGone: request.isGone,
  };
}
