import * as z from 'zod/mini';

/** Why something failed, and what to do about it. */
export const Failure = z.object({
  message: z.string(),
  hint: z.optional(z.string()),
  /** The hint to a person at a window, where the other one names options of a command line. */
  inWindow: z.optional(z.string()),
  stack: z.optional(z.string()),
  /** What mends it (`Remedy`); text, since later versions may know others. */
  remedy: z.optional(z.string()),
});
export type Failure = z.infer<typeof Failure>;
