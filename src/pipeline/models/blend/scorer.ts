import type { DenseScorer, Scorer } from '../model-kind.ts';
import { memberScores } from './member-scores.ts';

export interface BlendPart {
  readonly scorer: Scorer;
  readonly weight: number;
}

/** The items a blend recommends: all that any member does, ascending by code. */
export function blendItems(scorers: readonly Scorer[], itemCount: number): Int32Array {
  const codes = Int32Array.from({ length: itemCount }, (_, item) => item);
  return codes.filter((item) => scorers.some((scorer) => scorer.recommends(item)));
}

/**
 * Score of item j: Σ weight · the member's score (see `memberScores`) + biasⱼ. Each member makes its query by its own rule.
 * @param items as `blendItems` gives them
 * @param bias of each of them
 */
export function blendScorer(
  parts: readonly BlendPart[],
  items: Int32Array,
  bias: Float32Array,
  itemCount: number,
): DenseScorer {
  const columnOf = new Int32Array(itemCount).fill(-1);
  items.forEach((item, column) => (columnOf[item] = column));
  const members = parts
    .filter(({ weight }) => weight !== 0)
    .map(({ scorer, weight }) => ({ scores: memberScores(scorer, columnOf), weight }));
  const width = items.length;
  const recommends = (item: number): boolean => (columnOf[item] ?? -1) >= 0;
  return {
    shape: 'dense',
    items,
    vocabulary: width,
    knows: (item) => parts.some(({ scorer }) => scorer.knows(item)),
    recommends,
    queryRules: ['decayed-list'],
    score(queries, _rule, out) {
      const rows = queries.map((_, q) => out.subarray(q * width, (q + 1) * width));
      for (const row of rows) row.set(bias);
      const answered = new Uint8Array(queries.length);
      for (const { scores, weight } of members) scores.addTo(rows, queries, weight, answered);
      return answered;
    },
    dispose() {
      for (const { scorer } of parts) scorer.dispose?.();
    },
  };
}
