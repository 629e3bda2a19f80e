import * as z from 'zod/mini';

/** The options of `recsys serve`. */
export const ServeOptions = z.object({
  name: z.optional(z.string()),
  port: z.int(),
  host: z.string(),
  maxK: z.int(),
  watch: z._default(z.boolean(), false),
  threads: z.int(),
  bodyLimit: z.int(),
  tokenFile: z.optional(z.string()),
  allowOrigin: z.optional(z.string()),
  id: z.optional(z.string()),
});
export type ServeOptions = z.infer<typeof ServeOptions>;
