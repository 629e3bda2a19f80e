/** What the metrics are called, and how each is computed: the formulas that stand on the card. */
import type { EvaluationReport } from '../../../src/protocol/report.ts';

export interface MetricFamily {
  readonly title: string;
  readonly formula: string;
  readonly meaning: string;
}

const families: Readonly<Record<string, MetricFamily>> = {
  hitRate: {
    title: 'Hit\u00a0rate',
    formula: 'HR@k = (1/|Q|) · Σq [rank(q) ≤ k]',
    meaning:
      'Share of queries whose held-out item is among the first k. With one relevant item a query it equals recall@k.',
  },
  ndcg: {
    title: 'NDCG',
    formula: 'NDCG@k = (1/|Q|) · Σq [rank(q) ≤ k] / log₂(rank(q) + 1)',
    meaning:
      'Like the hit rate, but a hit counts less the lower it stands. With one relevant item the ideal gain is 1.',
  },
  mrr: {
    title: 'MRR',
    formula: 'MRR@k = (1/|Q|) · Σq [rank(q) ≤ k] / rank(q)',
    meaning: 'Mean reciprocal rank of the held-out item; 0 below rank k.',
  },
  coverage: {
    title: 'Coverage',
    formula: 'Coverage@k = |⋃q top(q, k)| / |I|',
    meaning: 'Share of the items seen in training that are recommended to at least one query.',
  },
  meanPopularity: {
    title: 'Mean popularity',
    formula: 'MeanPopularity@k = (1/|Q|) · Σq (1/k) · Σ n(i), over i in top(q, k)',
    meaning: 'How often the recommended items occur in training (n), on average. High: the model plays safe.',
  },
};

/** In the order in which they are shown. */
const order = [
  'hitRate@10',
  'hitRate@100',
  'ndcg@10',
  'mrr@10',
  'hitRate@1',
  'hitRate@5',
  'hitRate@20',
  'hitRate@50',
  'ndcg@5',
  'ndcg@20',
  'ndcg@50',
  'ndcg@100',
  'mrr@5',
  'mrr@20',
  'mrr@50',
  'mrr@100',
];
const headline = new Set(order.slice(0, 4));

/** The family of `hitRate@10` is `hitRate`. */
export function familyOf(metric: string): string {
  return metric.split('@', 1)[0] ?? metric;
}

/** `hitRate@10` → `Hit rate@10`; a metric unknown here keeps its own name. */
export function metricTitle(metric: string): string {
  const family = familyOf(metric);
  const known = families[family];
  return known === undefined ? metric : known.title + metric.slice(family.length);
}

/** The formulas of all families, in order. */
export function metricFamilies(): readonly MetricFamily[] {
  return Object.values(families);
}

/** Shown without asking for all metrics. */
export function isHeadline(metric: string): boolean {
  return headline.has(metric);
}

/** Every metric with an interval that any model of the report has: the known ones first, in the order of the card. */
export function metricsOf(report: EvaluationReport): string[] {
  const results = [...Object.values(report.metrics.validation), ...Object.values(report.metrics.test)];
  const names = new Set(results.flatMap((result) => Object.keys(result.metrics)));
  return [
    ...order.filter((name) => names.has(name)),
    ...[...names].filter((name) => !order.includes(name)).sort(),
  ];
}
