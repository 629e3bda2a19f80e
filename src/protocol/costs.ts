/** What RecSys made at AWS and is still there, with what it costs: `recsys endpoint costs --json`. */
import * as z from 'zod/mini';

/** Kinds of things, those that cost most first. */
export const MADE_KINDS = [
  'endpoint',
  'transform',
  'stack',
  'object',
  'upload',
  'bucket',
  'component',
  'clock',
  'endpoint-config',
  'model',
] as const;
export type MadeKind = (typeof MADE_KINDS)[number];

/** What something costs by the hour, in US dollars; what AWS did not tell is unknown. */
export const HourlyPrice = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('known'),
    usd: z.number(),
    /** Of one instance, where AWS takes all of them away while nobody asks. */
    each: z.optional(z.number()),
    /** When AWS was asked for the price (ISO 8601). */
    asked: z.string(),
  }),
  /** Paid by request: while nobody asks it costs nothing. */
  z.object({ type: z.literal('by-request') }),
  /** Paid by the bytes that are kept. */
  z.object({ type: z.literal('by-storage') }),
  z.object({ type: z.literal('nothing') }),
  z.object({ type: z.literal('unknown'), why: z.string() }),
]);
export type HourlyPrice = z.infer<typeof HourlyPrice>;

/** Something that was made, before anyone asked what it costs. */
export const UnpricedThing = z.object({
  kind: z.enum(MADE_KINDS),
  /** Of an object and an upload `<bucket>/<key>`. */
  name: z.string(),
  arn: z.string(),
  region: z.string(),
  /** ISO 8601. */
  created: z.optional(z.string()),
  status: z.optional(z.string()),
  /** What it runs on, in words: `2 × ml.m5.large`. */
  on: z.optional(z.string()),
  bytes: z.optional(z.number()),
  /** From its tags, where it has them. */
  owner: z.optional(z.string()),
  workspace: z.optional(z.string()),
  endpoint: z.optional(z.string()),
  run: z.optional(z.string()),
  expires: z.optional(z.string()),
  /** The time it was to stay is over. */
  isOver: z.boolean(),
  /** Its tags could not be read, and it is known by its name alone. */
  byName: z.boolean(),
  /** The endpoint, or the predictions, of this workspace whose journal has it. */
  journal: z.optional(z.string()),
  /** The command that takes it away. */
  remove: z.string(),
});
export type UnpricedThing = z.infer<typeof UnpricedThing>;

export const MadeThing = z.extend(UnpricedThing, {
  price: HourlyPrice,
  /** Since it was made at its present size, in US dollars; absent where it is not known. */
  soFar: z.optional(z.number()),
});
export type MadeThing = z.infer<typeof MadeThing>;

export const CostsReport = z.object({
  type: z.literal('costs'),
  t: z.number(),
  account: z.string(),
  things: z.array(MadeThing),
  /** Regions that were looked at. */
  regions: z.array(z.string()),
  /** Those that could not be looked at: what is there is not known. */
  failures: z.array(z.object({ region: z.string(), message: z.string() })),
  /** US dollars an hour of all whose price is known. */
  hourly: z.number(),
  /** Since they were made. */
  soFar: z.number(),
  /** Things whose price is not known. */
  unknownPrices: z.int(),
});
export type CostsReport = z.infer<typeof CostsReport>;
