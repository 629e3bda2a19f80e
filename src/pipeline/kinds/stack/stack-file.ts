/** `stack.json`: the weights, and what they were chosen by. */
import * as z from 'zod/mini';
import { STAGES } from './choose-weights.ts';
import { StackWeights } from './stack-weights.ts';

export const StackFile = z.object({
  members: z.array(z.object({ name: z.string(), kind: z.string() })),
  /** Best items of each member that are weighed. */
  depth: z.int(),
  /** Whether items of the query are no candidates. */
  seenRemoved: z.boolean(),
  /** Names of the columns of `item-table.npy`. */
  itemColumns: z.array(z.string()),
  weights: StackWeights,
  /** Absent where there were no validation queries. */
  chosen: z.optional(
    z.object({
      stage: z.enum(STAGES),
      metric: z.string(),
      queries: z.int(),
      /** Queries whose target was among the candidates. */
      reached: z.int(),
      crossFitted: z.array(z.object({ stage: z.enum(STAGES), value: z.number() })),
    }),
  ),
});
export type StackFile = z.infer<typeof StackFile>;
