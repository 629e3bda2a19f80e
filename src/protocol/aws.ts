/** What `recsys endpoint … --json` tells a program. */
import * as z from 'zod/mini';
import { Failure } from './failure.ts';

/** A profile of `~/.aws`, or the environment's credentials, and whom AWS says that they are of. */
export const AwsProfile = z.object({
  /** Absent: those of the environment. */
  name: z.optional(z.string()),
  region: z.optional(z.string()),
  account: z.optional(z.string()),
  /** ARN of whom they are of. */
  caller: z.optional(z.string()),
  /** What a person must do before it can be used: type a code, sign in with a browser. */
  needs: z.optional(z.enum(['code', 'signIn'])),
  /** Why it cannot be used. */
  failure: z.optional(Failure),
});
export type AwsProfile = z.infer<typeof AwsProfile>;

export const AwsProfiles = z.object({ profiles: z.array(AwsProfile) });

/** What became of pieces that were to be taken away, as sentences say them. */
export const RemovalReport = z.object({
  endpoint: z.string(),
  removed: z.array(z.string()),
  /** Not taken away, as others use it. */
  left: z.array(z.string()),
  remaining: z.array(z.object({ piece: z.string(), why: z.string() })),
  /** Why nothing of it was looked at. */
  skipped: z.optional(z.string()),
});
export type RemovalReport = z.infer<typeof RemovalReport>;

/** Of `endpoint list`, as far as a window asks for it. */
export const StatusReport = z.object({
  endpoints: z.array(z.object({ endpoint: z.string(), status: z.string() })),
});
