/** What predictions and the threads that rank for them say to each other. Both are of one build. */
import type { SeenItems } from '../kinds/ranking/ranker.ts';
import type { QueryBatch } from './query-batches.ts';

/** What a thread is told when it starts. */
export interface ThreadStart {
  /** Of the package. */
  readonly folder: string;
  readonly k: number;
  readonly seen: SeenItems;
  /** Another thread has looked already whether the package is whole, and gives the lists it was kept with. */
  readonly verified: boolean;
}

/** Batches come back in the order in which they were sent. */
export type ToThread = Pick<QueryBatch, 'count' | 'codes' | 'starts'>;

/** Who answered a query, as a number. */
export const ANSWERED_BY = ['model', 'popularity', 'nothing'] as const;

export interface RankedBatch {
  /** Codes of all lists, one after the other, the best first. */
  readonly items: Int32Array<ArrayBuffer>;
  /** NaN where popularity fills up the model's own list. */
  readonly scores: Float64Array<ArrayBuffer>;
  /** Where each list begins, and where the last ends. */
  readonly starts: Int32Array<ArrayBuffer>;
  /** Of each list the items that are the model's own. */
  readonly own: Int32Array<ArrayBuffer>;
  /** Places in `ANSWERED_BY`. */
  readonly by: Uint8Array<ArrayBuffer>;
}

export type FromThread =
  | { readonly type: 'opened' }
  /** The package cannot be opened: the thread ends. */
  | { readonly type: 'refused'; readonly message: string; readonly hint: string }
  | ({ readonly type: 'ranked' } & RankedBatch);
