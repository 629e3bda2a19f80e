import type { SparseScorer } from '../ranking/scorer.ts';
import { CandidateSet } from '../ranking/candidate-set.ts';
import type { SparseMatrix } from '../fitting/sparse-matrix.ts';
import { LIST_RULES, weightsByRule } from '../ranking/lag-weights.ts';
import { lagWeights } from './lag-weights.ts';
import type { KnnParameters } from './parameters.ts';

/**
 * Score of item j for a query, newest item first: Σ_k w_k · M[i_k][j], times `repeat` where the query holds j. Items without
 * evidence are not recommended.
 */
export function knnScorer(matrix: SparseMatrix, parameters: KnnParameters, itemCount: number): SparseScorer {
  const { offsets, targets, values } = matrix;
  const set = new CandidateSet(itemCount);
  const hasRow = (item: number): boolean => (offsets[item + 1] ?? 0) > (offsets[item] ?? 0);
  const weightsOf = weightsByRule(lagWeights(parameters));
  const recommended = new Uint8Array(itemCount);
  for (const target of targets) recommended[target] = 1;
  return {
    shape: 'sparse',
    vocabulary: recommended.reduce((sum, bit) => sum + bit, 0),
    knows: hasRow,
    recommends: (item) => recommended[item] === 1,
    queryRules: LIST_RULES,
    candidates(query, rule) {
      const weight = weightsOf(rule);
      set.clear();
      const lags = Math.min(weight.length, query.length);
      for (let k = 0; k < lags; k++) {
        const item = query[query.length - 1 - k] ?? 0;
        set.addScaled(targets, values, offsets[item] ?? 0, offsets[item + 1] ?? 0, weight[k] ?? 0);
      }
      set.scaleSeen(query, parameters.repeat);
      return set.count === 0 ? undefined : set;
    },
  };
}
