import type { PairedTest } from '../../protocol/report.ts';
import { interval, pointOf, replicatesOf, type Replicates } from './bootstrap.ts';
import type { RankMetric } from './rank-metrics.ts';

/**
 * Paired bootstrap test of a − b on the same queries and the same draws of sequences. The two-sided p-value is twice
 * the smaller share of replicates on either side of zero, never below 2 / (samples + 1).
 */
export function pairedTest(
  a: { name: string; replicates: Replicates },
  b: { name: string; replicates: Replicates },
  metric: RankMetric,
): PairedTest {
  const left = replicatesOf(a.replicates, metric);
  const right = replicatesOf(b.replicates, metric);
  const differences = left.map((value, i) => value - (right[i] ?? NaN));
  let notAbove = 1;
  let notBelow = 1;
  for (const difference of differences) {
    if (difference <= 0) notAbove++;
    if (difference >= 0) notBelow++;
  }
  return {
    a: a.name,
    b: b.name,
    metric,
    difference: pointOf(a.replicates, metric) - pointOf(b.replicates, metric),
    ...interval(differences),
    p: Math.min(1, (2 * Math.min(notAbove, notBelow)) / (differences.length + 1)),
  };
}
