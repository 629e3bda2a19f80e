/** Requests about the run store as a whole. */
import * as z from 'zod/mini';
import { StoreView } from '../run-view.ts';
import { SLOW_MS, type EngineMethodEntries } from './method.ts';
import { Nothing } from './run-reference.ts';

/** Starred, tagged, named and running runs are never cleaned up. */
export const RetentionRule = z.object({
  keepLatest: z.int().check(z.minimum(0)),
  /** Days; 0: no limit by age. */
  keepDays: z.number().check(z.minimum(0)),
});
export type RetentionRule = z.infer<typeof RetentionRule>;

export const storeMethods = {
  'store/view': { params: Nothing, reply: StoreView, timeOut: SLOW_MS, cancellable: true },
  'store/cleanUp': {
    params: z.object({ rule: RetentionRule, dryRun: z.boolean() }),
    reply: z.object({ runs: z.array(z.string()), bytes: z.number() }),
    timeOut: 2 * SLOW_MS,
    cancellable: false,
  },
} as const satisfies EngineMethodEntries;

/** Sent by the engine whenever anything in the store changed (at most a few times a second). */
export const STORE_CHANGED = 'store/changed';
