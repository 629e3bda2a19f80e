import type { DenseScorer, Scorer } from '../ranking/scorer.ts';
import { BlendRows } from './blend-rows.ts';
import { columnsOf } from './columns-of.ts';
import { explainBlend } from './explain.ts';

export interface BlendPart {
  /** As its parts of scores are called. */
  readonly name: string;
  readonly scorer: Scorer;
  readonly weight: number;
}

/**
 * The items a blend recommends: all that any member does. Those of a dense first member come first, as it orders them, so
 * that its scores need not be brought into another order; the others follow by their codes.
 */
export function blendItems(scorers: readonly Scorer[], itemCount: number): Int32Array {
  const [anchor] = scorers;
  const codes = Int32Array.from({ length: itemCount }, (_, item) => item);
  const places = new Set(anchor?.shape === 'dense' ? anchor.items : []);
  for (const item of codes) places.add(item);
  return Int32Array.from(places).filter((item) => scorers.some((scorer) => scorer.recommends(item)));
}

/**
 * Score of item j: Σ weight · the member's score (see `memberScores`) + biasⱼ. Each member makes its query by its own rule.
 * @param items as `blendItems` gives them, or in any other order
 * @param bias of each of them
 */
export function blendScorer(
  parts: readonly BlendPart[],
  items: Int32Array,
  bias: Float32Array,
  itemCount: number,
): DenseScorer {
  const columnOf = columnsOf(items, itemCount);
  const members = parts.filter(({ weight }) => weight !== 0);
  const weights = members.map(({ weight }) => weight);
  const scorers = members.map(({ scorer }) => scorer);
  const width = items.length;
  const recommends = (item: number): boolean => (columnOf[item] ?? -1) >= 0;
  let made: BlendRows | undefined;
  const rowsHere = (): BlendRows => (made ??= new BlendRows(scorers, columnOf, width, 1));
  return {
    shape: 'dense',
    items,
    vocabulary: width,
    knows: (item) => parts.some(({ scorer }) => scorer.knows(item)),
    recommends,
    queryRules: ['decayed-list'],
    score(queries, _rule, out) {
      const rows = rowsHere();
      const answered = new Uint8Array(queries.length);
      for (let first = 0; first < queries.length; first += rows.together) {
        const block = queries.slice(first, first + rows.together);
        rows.score(block);
        for (let q = 0; q < block.length; q++) {
          if (!rows.answers(q, weights)) continue;
          answered[first + q] = 1;
          out.set(rows.sum(0, q, weights, bias), (first + q) * width);
        }
      }
      return answered;
    },
    explain: (query, asked) =>
      explainBlend({ parts: members, weights, rows: rowsHere, items, bias, columnOf }, query, asked),
  };
}
