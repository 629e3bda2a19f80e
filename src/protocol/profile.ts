/** `prepare/profile.json`: counts and a profile of the data, shown on the card. */
import * as z from 'zod/mini';
import { HeldOut } from './held-out.ts';

const Count = z.object({ name: z.string(), rows: z.number() });
/** Bars of a histogram: values from `from` (inclusive) to `to` (exclusive). */
const Bin = z.object({ from: z.number(), to: z.number(), count: z.number() });

export const DataProfile = z.object({
  /** All but those a split in time cut (`heldOut.boundaries`). */
  rows: z.number(),
  /** Before the minimum length and the sample. */
  sequencesTotal: z.number(),
  /** After the minimum length. */
  sequencesLongEnough: z.number(),
  /** After the sample: what is split. */
  sequences: z.number(),
  split: z.object({ train: z.number(), validation: z.number(), test: z.number() }),
  users: z.optional(z.number()),
  /** With rows. */
  items: z.number(),
  /** Items of the catalogue file, and those of them that no row holds. */
  catalogue: z.optional(z.object({ items: z.number(), added: z.number() })),
  /** Distinct values of the group column (artists). */
  groups: z.optional(z.number()),
  nulls: z.record(z.string(), z.number()),
  /** Rows left out, since they have no item or no key; not among `rows`. */
  missing: z.optional(z.object({ item: z.number(), sequence: z.number() })),
  /** How columns were read, one sentence each. */
  notes: z.optional(z.array(z.string())),
  /** Rows whose sequence holds the same item more than once. */
  repeatedItems: z.number(),
  /** Rows that equal another row in every column of the spec. */
  duplicateRows: z.number(),
  length: z.object({
    min: z.number(),
    median: z.number(),
    mean: z.number(),
    p90: z.number(),
    max: z.number(),
    histogram: z.array(Bin),
  }),
  topItems: z.array(Count),
  topGroups: z.optional(z.array(Count)),
  /** Rows an item has, on logarithmic bins. */
  popularity: z.array(Bin),
  /** Share of all rows held by the most popular 1, 5 and 10 % of items. */
  headShare: z.object({ '1%': z.number(), '5%': z.number(), '10%': z.number() }),
  /**
   * Discrete power law p(x) ∝ x^−α fitted to the items' counts by maximum likelihood with x_min chosen by the
   * Kolmogorov–Smirnov distance (Clauset, Shalizi and Newman 2009).
   */
  powerLaw: z.optional(
    z.object({ alpha: z.number(), xMin: z.number(), distance: z.number(), tail: z.number() }),
  ),
  heldOut: z.optional(HeldOut),
  warnings: z.array(z.string()),
});
export type DataProfile = z.infer<typeof DataProfile>;
