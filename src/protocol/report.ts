/** `report/report.json`: the evaluation of all models of a run; `recsys show --json` and the card are made of it. */
import * as z from 'zod/mini';

/** Of fewer clusters intervals and tests say nothing: the signs of five can all agree by chance in 1 of 16 cases. */
export const FEWEST_CLUSTERS = 6;

/**
 * A figure with its 95 % interval, from `n` queries of so many clusters: of what was split, sequences or users. Reports
 * of earlier versions do not say how many, and drew sequences.
 */
export const Estimate = z.object({
  value: z.number(),
  low: z.number(),
  high: z.number(),
  n: z.int(),
  clusters: z.optional(z.int()),
});
export type Estimate = z.infer<typeof Estimate>;

/** A difference is called one where the p-value of its test, corrected for standing among others, is below this. */
export const SIGNIFICANT = 0.05;

/** The least p of a test by so many clusters: were there no difference, all would agree as often by chance. */
export function leastP(clusters: number): number {
  return clusters === 0 ? 1 : 2 ** (1 - clusters);
}

/** Whether there are too few clusters for an interval or a test to say anything. */
export function tooFew({ clusters }: { readonly clusters?: number | undefined }): boolean {
  return clusters !== undefined && clusters < FEWEST_CLUSTERS;
}

/** How a query is made of the items of a sequence. */
export const QueryRule = z.enum(['last-item', 'whole-list', 'decayed-list', 'none']);
export type QueryRule = z.infer<typeof QueryRule>;

/**
 * Keys: `hitRate@1 @5 @10 @20 @50 @100`, `ndcg@5 @10 @20 @50 @100`, `mrr@5 @10 @20 @50 @100`; of slices a choice of them.
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

/** Paired difference a − b of two models on the same queries, with its 95 % interval by clusters. */
export const PairedTest = z.object({
  a: z.string(),
  b: z.string(),
  metric: z.string(),
  difference: z.number(),
  low: z.number(),
  high: z.number(),
  /** Two-sided p-value of this test alone. */
  p: z.number(),
  /** Corrected for all pairs of models that were tested with the metric (Holm 1979). */
  adjusted: z.optional(z.number()),
  clusters: z.optional(z.int()),
});
export type PairedTest = z.infer<typeof PairedTest>;

/** Whether so few clusters were tested that none of so many tests together could show a difference. */
export function cannotTell({ clusters }: PairedTest, tests: number): boolean {
  return tooFew({ clusters }) || (clusters !== undefined && leastP(clusters) * tests >= SIGNIFICANT);
}

/** The name of the model that a test shows to be better; undefined where it shows none. */
export function aheadIn({ a, b, difference, p, adjusted = p }: PairedTest): string | undefined {
  if (adjusted >= SIGNIFICANT || difference === 0) return undefined;
  return difference > 0 ? a : b;
}

export const Selection = z.object({
  metric: z.string(),
  best: z.string(),
  /** Best model that has item vectors; hover, explorer and `neighbours` use it unless told otherwise. */
  bestEmbedding: z.optional(z.string()),
  runnerUp: z.optional(z.string()),
  /** True where all figures are zero: `best` is then only the first of the run. */
  none: z.optional(z.boolean()),
  /** Why it was chosen, in a sentence or two. */
  why: z.string(),
});
export type Selection = z.infer<typeof Selection>;

/**
 * What the test part says by one metric of the model that validation chose by it. A model is above or below it where
 * the corrected p of their paired test is under .05; no difference is shown from those it ties with.
 */
export const Verdict = z.object({
  metric: z.string(),
  /** Absent where no model hits anything. */
  best: z.optional(z.string()),
  tied: z.array(z.string()),
  below: z.array(z.string()),
  above: z.array(z.string()),
  /** Whether the test part is too small for any difference to show. */
  tooFew: z.optional(z.boolean()),
  /** "blend and session-knn tie; both are far above popularity." */
  sentence: z.string(),
});
export type Verdict = z.infer<typeof Verdict>;

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

/** A model that was left out of a blend, because it adds less than a standard error to it. */
export const LeftOutMember = z.object({
  name: z.string(),
  kind: z.string(),
  /** What it added to the blend's metric, and that in its standard errors. */
  adds: z.number(),
  errors: z.number(),
});
export type LeftOutMember = z.infer<typeof LeftOutMember>;

/** What a blend is made of, measured on the validation queries that its weights were chosen on. */
export const BlendSummary = z.object({
  /** The anchor, to whose scores the others are added, first. */
  members: z.array(BlendMember),
  leftOut: z.optional(z.array(LeftOutMember)),
  priorWeight: z.optional(z.number()),
  coldWeight: z.optional(z.number()),
  metric: z.optional(z.string()),
  queries: z.optional(z.int()),
  /** The metric of the blend itself. */
  value: z.optional(z.number()),
});
export type BlendSummary = z.infer<typeof BlendSummary>;

/** One number of an item after a query that a stack weighs. */
export const StackFeature = z.object({
  name: z.string(),
  /** Logits for a standard deviation among a query's candidates, at the mean of all gates. */
  weight: z.number(),
  /** By how much a standard deviation of each number of the query changes it, the strongest first. */
  gates: z.array(z.object({ name: z.string(), weight: z.number() })),
});
export type StackFeature = z.infer<typeof StackFeature>;

/** What a stack weighs, and by what its weights were chosen. */
export const StackSummary = z.object({
  members: z.array(z.object({ name: z.string(), kind: z.string() })),
  /** Best items of each member that are candidates. */
  depth: z.int(),
  /** Those that weigh most first. */
  features: z.array(StackFeature),
  /** Mean and standard deviation of each gate over the queries weights were fitted on, in its own unit. */
  gates: z.optional(z.array(z.object({ name: z.string(), mean: z.number(), spread: z.number() }))),
  /** Absent where there were no validation queries. */
  chosen: z.optional(
    z.object({
      /** Of `crossFitted`, what was kept. */
      stage: z.string(),
      metric: z.string(),
      queries: z.int(),
      /** Queries whose target was among the candidates. */
      reached: z.int(),
      /** Each query ranked by weights fitted on the other half of what was split. */
      crossFitted: z.array(z.object({ stage: z.string(), value: z.number() })),
    }),
  ),
});
export type StackSummary = z.infer<typeof StackSummary>;

/** What a model that is made of others is made of. */
export interface Composition {
  readonly blend?: BlendSummary;
  readonly stack?: StackSummary;
}

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
  stack: z.optional(StackSummary),
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

const CatalogueCounts = z.object({ items: z.int(), added: z.int(), unknown: z.int() });

const Counts = z.object({ validation: z.int(), test: z.int() });

export const EvaluationReport = z.object({
  format: z.literal(1),
  protocol: z.object({
    positions: z.string(),
    seen: z.enum(['kept', 'removed']),
    /** Items that may be recommended, those of a catalogue file alone among them, and items that only held-out rows hold. */
    catalogue: z.optional(CatalogueCounts),
    /** Where models were trained again on the validation part too before they were tested: what they could recommend then. */
    refit: z.optional(z.object({ catalogue: CatalogueCounts })),
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
    /** Of earlier versions, whose intervals came of so many samples. */
    bootstrapSamples: z.optional(z.int()),
    seed: z.int(),
  }),
  models: z.array(ModelSummary),
  failedBranches: z.array(z.object({ name: z.string(), message: z.string() })),
  metrics: z.object({
    validation: z.record(z.string(), ModelResult),
    test: z.record(z.string(), ModelResult),
  }),
  selection: Selection,
  /** By each metric a person may want to choose by; the selection's first. Reports of earlier versions have none. */
  verdicts: z._default(z.array(Verdict), []),
  /** None on validation, which chose weights and settings: what it says of these is no test. */
  pairs: z.object({ validation: z.array(PairedTest), test: z.array(PairedTest) }),
  warnings: z.array(z.string()),
});
export type EvaluationReport = z.infer<typeof EvaluationReport>;
