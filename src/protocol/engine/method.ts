/** What both sides know of one request to the query engine. */
import type * as z from 'zod/mini';

export interface EngineMethodEntry<
  Params extends z.ZodMiniType = z.ZodMiniType,
  Reply extends z.ZodMiniType = z.ZodMiniType,
> {
  readonly params: Params;
  readonly reply: Reply;
  /** Milliseconds after which an engine that has not answered is taken for hung. */
  readonly timeOut: number;
  /** It changes nothing: it is given up when nobody waits for it any more, and may be asked again. */
  readonly cancellable: boolean;
}

export type EngineMethodEntries = Readonly<Record<string, EngineMethodEntry>>;

/** For what reads or writes a few small files. */
export const QUICK_MS = 15_000;
/** For what looks at whole data, whole stores or models. */
export const SLOW_MS = 60_000;
