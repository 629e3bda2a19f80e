/** `report/report.json`: the evaluation of all models of a run; `recsys show --json` and the card are made of it. */
import * as z from 'zod/mini';

/** A figure with its 95 % bootstrap interval over sequences, from `n` queries. */
export const Estimate = z.object({ value: z.number(), low: z.number(), high: z.number(), n: z.int() });
export type Estimate = z.infer<typeof Estimate>;

/** How a query is made of the items of a sequence. */
export const QueryRule = z.enum(['last-item', 'whole-list', 'decayed-list', 'none']);
export type QueryRule = z.infer<typeof QueryRule>;

/**
 * Keys: `hitRate@1 @5 @10 @20 @50 @100`, `ndcg@5 @10 @20 @100`, `mrr@5 @10 @20 @100`; of slices a choice of them.
 * Coverage and mean popularity are plain numbers under `@10` and `@100`.
 */
export const MetricTable = z.record(z.string(), Estimate);
export type MetricTable = z.infer<typeof MetricTable>;

export const Variant = z.object({
  query: QueryRule,
  seen: z.enum(['kept', 'removed']),
  /** What answers when no item of the query is known. */
  fallback: z.enum(['popularity', 'random', 'miss']),
  /** `all`: items that only held-out rows hold may be recommended too; absent: those known at training time alone. */
  catalogue: z.optional(z.literal('all')),
  metrics: MetricTable,
});
export type Variant = z.infer<typeof Variant>;

export const SliceRow = z.object({
  slice: z.string(),
  group: z.string(),
  queries: z.int(),
  metrics: MetricTable,
});
export type SliceRow = z.infer<typeof SliceRow>;

export const ModelResult = z.object({
  query: QueryRule,
  queryStated: z.string(),
  metrics: MetricTable,
  coverage: z.record(z.string(), z.number()),
  meanPopularity: z.record(z.string(), z.number()),
  /** Share of queries with no known item, and of targets outside the model's vocabulary. */
  unknownQueries: z.number(),
  unknownTargets: z.number(),
  variants: z.record(z.string(), Variant),
  slices: z.array(SliceRow),
});
export type ModelResult = z.infer<typeof ModelResult>;

/** Paired difference a − b of two models on the same queries, resampling sequences. */
export const PairedTest = z.object({
  a: z.string(),
  b: z.string(),
  metric: z.string(),
  difference: z.number(),
  low: z.number(),
  high: z.number(),
  /** Two-sided bootstrap p-value. */
  p: z.number(),
});
export type PairedTest = z.infer<typeof PairedTest>;

export const Selection = z.object({
  metric: z.string(),
  best: z.string(),
  /** Best model that has item vectors; hover, explorer and `neighbours` use it unless told otherwise. */
  bestEmbedding: z.optional(z.string()),
  runnerUp: z.optional(z.string()),
  /** "ahead of … by …; the difference is (not) within noise (95 % interval …)". */
  why: z.string(),
});
export type Selection = z.infer<typeof Selection>;

/** One model of a blend. The figures are missing where there were no validation queries to measure them on. */
export const BlendMember = z.object({
  name: z.string(),
  kind: z.string(),
  weight: z.number(),
  /** The metric of this member by itself, and of the blend without it, at the blend's other weights. */
  alone: z.optional(z.number()),
  without: z.optional(z.number()),
});
export type BlendMember = z.infer<typeof BlendMember>;

/** What a blend is made of, measured on the validation queries that its weights were chosen on. */
export const BlendSummary = z.object({
  /** The anchor, to whose scores the others are added, first. */
  members: z.array(BlendMember),
  priorWeight: z.optional(z.number()),
  coldWeight: z.optional(z.number()),
  metric: z.optional(z.string()),
  queries: z.optional(z.int()),
  /** The metric of the blend itself. */
  value: z.optional(z.number()),
});
export type BlendSummary = z.infer<typeof BlendSummary>;

export const ModelSummary = z.object({
  name: z.string(),
  kind: z.string(),
  title: z.string(),
  hasVectors: z.boolean(),
  parameters: z.record(z.string(), z.union([z.number(), z.boolean(), z.string()])),
  /** Items in the model's vocabulary. */
  vocabulary: z.int(),
  seconds: z.number(),
  /** Of a model made of others. */
  blend: z.optional(BlendSummary),
});
export type ModelSummary = z.infer<typeof ModelSummary>;

/** Targets of one part that no model can hit, whatever it learnt. */
export const Unreachable = z.object({
  /** Items that no training row and no catalogue file holds. */
  unknownTargets: z.int(),
  /** Other items that the query holds already, where seen items are removed. */
  repeatedTargets: z.int(),
});
export type Unreachable = z.infer<typeof Unreachable>;

const Counts = z.object({ validation: z.int(), test: z.int() });

export const EvaluationReport = z.object({
  format: z.literal(1),
  protocol: z.object({
    positions: z.string(),
    seen: z.enum(['kept', 'removed']),
    /** Items that may be recommended, those of a catalogue file alone among them, and items that only held-out rows hold. */
    catalogue: z.optional(z.object({ items: z.int(), added: z.int(), unknown: z.int() })),
    unreachable: z.optional(z.object({ validation: Unreachable, test: Unreachable })),
    /** Queries of one sequence, at most, and sequences that had more. */
    queriesPerSequence: z.optional(z.object({ most: z.int(), cut: Counts })),
    queries: z.object({ validation: z.int(), test: z.int() }),
    sequences: z.object({ validation: z.int(), test: z.int() }),
    /** What was split, and so what intervals and tests resample. Reports of earlier versions always took sequences. */
    clusters: z.optional(
      z.object({ unit: z.enum(['sequences', 'users']), validation: z.int(), test: z.int() }),
    ),
    /** Queries of the part, where only a sample of them was ranked. */
    sampledFrom: z.optional(z.object({ validation: z.int() })),
    bootstrapSamples: z.int(),
    seed: z.int(),
  }),
  models: z.array(ModelSummary),
  failedBranches: z.array(z.object({ name: z.string(), message: z.string() })),
  metrics: z.object({
    validation: z.record(z.string(), ModelResult),
    test: z.record(z.string(), ModelResult),
  }),
  selection: Selection,
  pairs: z.object({ validation: z.array(PairedTest), test: z.array(PairedTest) }),
  warnings: z.array(z.string()),
});
export type EvaluationReport = z.infer<typeof EvaluationReport>;
