import { catalogueSize, type PreparedData } from '../../data/prepared-data.ts';

/** Depths at which models are chosen and tuned. */
export type MetricDepth = 10 | 20 | 50 | 100;
const DEEPER: readonly MetricDepth[] = [100, 50, 20];
/** Largest share of the catalogue that a list may be: among 400 items the most popular hundred hold most targets. */
const LARGEST_SHARE = 0.01;

/** The largest of 10, 20, 50 and 100 that is at most 1 % of the items that may be recommended; at least 10. */
export function metricDepth(data: PreparedData): MetricDepth {
  const most = LARGEST_SHARE * catalogueSize(data);
  return DEEPER.find((depth) => depth <= most) ?? 10;
}
