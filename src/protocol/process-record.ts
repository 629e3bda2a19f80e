/** What a process that outlives windows leaves in the store for those that follow it, whatever it does. */
import * as z from 'zod/mini';
import { Failure, ProcessIdentity } from './step.ts';

export const ProcessRecord = z.object({
  format: z.literal(1),
  id: z.string(),
  process: ProcessIdentity,
  /** With which AWS is asked; absent: the environment's credentials, or AWS is not asked. */
  profile: z.optional(z.string()),
  started: z.string(),
  /** `lost`: the process ended without a word, which none writes of itself. */
  state: z.enum(['running', 'succeeded', 'failed', 'cancelled', 'lost']),
  failure: z.optional(Failure),
});
export type ProcessRecord = z.infer<typeof ProcessRecord>;
