/** What a server and the threads that rank for it say to each other. Both are of one build. */
import type { ServedAnswer, ServedFacts, ServedQuery } from './served-query.ts';

/** What a thread is told when it starts. */
export interface ThreadStart {
  /** Folder of the package. */
  readonly folder: string;
}

/** Queries to answer; one batch at a time. */
export type ToThread = readonly ServedQuery[];

export type FromThread =
  | { readonly type: 'opened'; readonly facts: ServedFacts }
  /** The package cannot be opened: the thread ends. */
  | { readonly type: 'refused'; readonly message: string; readonly hint: string }
  | { readonly type: 'answers'; readonly answers: readonly ServedAnswer[] }
  | { readonly type: 'failed'; readonly message: string };
