/** What a removal or a rollback leaves in the store for the windows that follow it: `changing/<id>.json`. */
import * as z from 'zod/mini';
import { RemovalReport } from './aws.ts';
import { ProcessRecord } from './process-record.ts';

export const EndpointChange = z.extend(ProcessRecord, {
  /** `things`: what was found at AWS, whichever workspace made it. */
  what: z.enum(['delete', 'deleteFront', 'rollback', 'sweep', 'things']),
  /** Name of the endpoint, where it is about a single one. */
  endpoint: z.optional(z.string()),
  /** How many pieces are to go, where that is known before. */
  pieces: z.optional(z.int()),
  /** How AWS says that what is waited for is. */
  status: z.optional(z.string()),
  /** Of a removal that came to its end: what became of everything. */
  removals: z.optional(z.array(RemovalReport)),
  /** Of a rollback that succeeded: the deployment that answers again. */
  deployment: z.optional(z.string()),
});
export type EndpointChange = z.infer<typeof EndpointChange>;
