/** What the engine and its workers say to each other. Both are of one build, so that nothing is checked here. */
import type { EngineDomain } from '../../protocol/engine.ts';
import type { Remedy } from '../../protocol/user-error.ts';
import type { EngineSite } from './handlers/handler.ts';

/** What a worker is told when it starts. */
export interface WorkerStart {
  readonly domain: EngineDomain;
  readonly site: EngineSite;
}

export type ToWorker =
  | { readonly type: 'ask'; readonly id: number; readonly method: string; readonly params: unknown }
  /** Nobody waits for the answer any more. */
  | { readonly type: 'cancel'; readonly id: number };

export type FromWorker =
  | { readonly type: 'reply'; readonly id: number; readonly reply: unknown }
  | {
      readonly type: 'refused';
      readonly id: number;
      readonly message: string;
      readonly hint: string;
      readonly remedy: Remedy | undefined;
    }
  | { readonly type: 'storeChanged' };
