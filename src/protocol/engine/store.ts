/** Requests about the run store as a whole. */
import * as z from 'zod/mini';
import { StoreChanges } from '../run-row.ts';
import { SLOW_MS, type EngineMethodEntries } from './method.ts';

/** Starred, tagged, named and running runs are never cleaned up. */
export const RetentionRule = z.object({
  keepLatest: z.int().check(z.minimum(0)),
  /** Days; 0: no limit by age. */
  keepDays: z.number().check(z.minimum(0)),
});
export type RetentionRule = z.infer<typeof RetentionRule>;

export const storeMethods = {
  /** The rows of all runs, or of those that changed. */
  'store/view': {
    params: z.object({
      /** The revision of an earlier answer: only what changed since is asked for. */
      since: z.optional(z.string()),
      /** Whether to look at the files of all runs first, as after a change that must be seen. Default: yes. */
      look: z.optional(z.boolean()),
    }),
    reply: z.extend(StoreChanges, {
      /** Names the state of what the store tells of endpoints at AWS; absent: it tells nothing. */
      endpoints: z.optional(z.string()),
    }),
    timeOut: SLOW_MS,
    cancellable: true,
  },
  'store/cleanUp': {
    params: z.object({ rule: RetentionRule, dryRun: z.boolean() }),
    reply: z.object({ runs: z.array(z.string()), bytes: z.number() }),
    timeOut: 2 * SLOW_MS,
    cancellable: false,
  },
} as const satisfies EngineMethodEntries;

/** Sent by the engine whenever anything in the store changed (at most a few times a second). */
export const STORE_CHANGED = 'store/changed';
