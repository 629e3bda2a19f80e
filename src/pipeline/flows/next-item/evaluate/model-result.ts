import type { MetricTable, ModelResult, QueryRule, SliceRow, Variant } from '../../../../protocol/report.ts';
import { clusteredRanks, type RankTable } from '../../../metrics/clustered-ranks.ts';
import { estimateOf } from '../../../metrics/estimate.ts';
import { targetOf, type QuerySet } from '../../../metrics/queries.ts';
import { RANK_METRICS, type RankMetric } from '../../../metrics/rank-metrics.ts';
import type { RecommendedItems } from '../../../metrics/recommended-items.ts';
import {
  byKnownQuery,
  byRepeat,
  bySequenceLength,
  byTargetPopularity,
  membersOf,
} from '../../../metrics/slices.ts';
import type { SeenItems } from '../../../kinds/ranking/ranker.ts';
import type { RuleRanks } from './rule-ranks.ts';

const SLICE_METRICS: readonly RankMetric[] = ['hitRate@10', 'hitRate@100', 'ndcg@10', 'mrr@10'];

/** Key of the variant in which items that only held-out rows hold may be recommended too. */
export const ALL_ITEMS_VARIANT = 'all items of the data';

/** Key of the variant that follows the reference's own rule. */
export const TUTORIAL_VARIANT = 'hitRate@100 (tutorial rule)';

export interface MeasuredPart {
  readonly queries: QuerySet;
  readonly trainCounts: Uint32Array;
  /** One for each query rule, the model's own first. */
  readonly rules: readonly RuleRanks[];
  readonly tutorial: RankTable | undefined;
  /** By the model's own rule where all items of the data may be recommended; undefined where that adds none. */
  readonly allItems: RuleRanks | undefined;
  /** How the headline treats seen items. */
  readonly seen: SeenItems;
  readonly lists: RecommendedItems;
  readonly queryStated: string;
  recommends(item: number): boolean;
}

/** A table of ranks and where its figures go. */
interface Reading {
  readonly table: RankTable;
  readonly metrics: readonly RankMetric[];
  place(metrics: MetricTable): void;
}

/** All figures of one model on one part, with intervals. */
export function modelResult(part: MeasuredPart): ModelResult {
  const own = part.rules[0];
  if (own === undefined) throw new Error('a model must have a query rule');
  const count = part.queries.targets.length;
  let metrics: MetricTable = {};
  const headline: Reading = {
    table: { ranks: own[part.seen] },
    metrics: RANK_METRICS,
    place: (table) => (metrics = table),
  };
  const variants = new Map<string, Variant>();
  const slices: SliceRow[] = [];
  const readings = [headline, ...variantReadings(part, variants), ...sliceReadings(part, own, slices)];
  for (const reading of readings) reading.place(metricTable(part.queries, reading.table, reading.metrics));
  let unknownTargets = 0;
  for (let q = 0; q < count; q++) if (!part.recommends(targetOf(part.queries, q))) unknownTargets++;
  return {
    query: own.rule,
    queryStated: part.queryStated,
    metrics,
    coverage: part.lists.coverage(),
    meanPopularity: part.lists.meanPopularity(),
    unknownQueries: own.unknown.reduce((sum, bit) => sum + bit, 0) / Math.max(1, count),
    unknownTargets: unknownTargets / Math.max(1, count),
    variants: Object.fromEntries(variants),
    slices,
  };
}

function metricTable(queries: QuerySet, table: RankTable, metrics: readonly RankMetric[]): MetricTable {
  const ranks = clusteredRanks(table, queries);
  return Object.fromEntries(metrics.map((metric) => [metric, estimateOf(ranks, metric)]));
}

function variantName(rule: QueryRule, seen: SeenItems): string {
  return rule === 'none' ? `seen ${seen}` : `${rule}, seen ${seen}`;
}

function variantReadings(part: MeasuredPart, into: Map<string, Variant>): Reading[] {
  const readings: Reading[] = [];
  const add = (name: string, ranks: RuleRanks, seen: SeenItems, catalogue?: 'all'): void => {
    const rules = { query: ranks.rule, seen, ...(catalogue === undefined ? {} : { catalogue }) };
    readings.push({
      table: { ranks: ranks[seen], ...(ranks.subset === undefined ? {} : { subset: ranks.subset }) },
      metrics: RANK_METRICS,
      place: (metrics) => into.set(name, { ...rules, fallback: 'popularity', metrics }),
    });
  };
  part.rules.forEach((ranks, r) => {
    for (const seen of ['kept', 'removed'] as const)
      if (r > 0 || seen !== part.seen) add(variantName(ranks.rule, seen), ranks, seen);
  });
  if (part.allItems !== undefined) add(ALL_ITEMS_VARIANT, part.allItems, part.seen, 'all');
  if (part.tutorial === undefined) return readings;
  const place = (metrics: MetricTable): unknown =>
    into.set(TUTORIAL_VARIANT, { query: 'last-item', seen: 'kept', fallback: 'random', metrics });
  return [...readings, { table: part.tutorial, metrics: ['hitRate@100'], place }];
}

function sliceReadings(part: MeasuredPart, own: RuleRanks, into: SliceRow[]): Reading[] {
  const { queries, trainCounts } = part;
  const slicings = [
    byTargetPopularity(queries, trainCounts),
    bySequenceLength(queries),
    byKnownQuery(own.unknown),
    byRepeat(queries),
  ];
  return slicings.flatMap((slicing) =>
    slicing.groups.flatMap((group, g) => {
      const subset = membersOf(slicing, g);
      if (subset.length === 0) return [];
      const place = (metrics: MetricTable): unknown =>
        into.push({ slice: slicing.slice, group, queries: subset.length, metrics });
      return [{ table: { ranks: own[part.seen], subset }, metrics: SLICE_METRICS, place }];
    }),
  );
}
