import type { SparseScorer } from '../ranking/scorer.ts';
import type { Ranker } from '../ranking/ranker.ts';
import type { ValidationSample } from './validation-sample.ts';

/** Rank of each query's target, by a sparse scorer's own rule, among its candidates alone; 0 is a miss, as is a query it knows nothing of. */
export function sparseRanks(
  { queries, targets, seenRemoved }: ValidationSample,
  scorer: SparseScorer,
  ranker: Ranker,
): Int32Array {
  const rank = { kept: 0, removed: 0 };
  return Int32Array.from(queries, (query, q) => {
    const candidates = scorer.candidates(query, scorer.queryRules[0] ?? 'none');
    if (candidates === undefined) return 0;
    ranker.rank(candidates, undefined, query, targets[q] ?? -1, rank);
    return seenRemoved ? rank.removed : rank.kept;
  });
}
