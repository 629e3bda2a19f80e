/** Models whose scores are written out. */
import { CandidateSet } from '../../../src/pipeline/kinds/ranking/candidate-set.ts';
import type { DenseScorer, ItemVectors, SparseScorer } from '../../../src/pipeline/kinds/ranking/scorer.ts';

/** Scores after a query; undefined where the model knows nothing of it. */
export type ScoresAfter = (query: readonly number[]) => ReadonlyMap<number, number> | undefined;

export interface FakeDense {
  readonly items: readonly number[];
  readonly after: ScoresAfter;
  /** Whether it finds its best without scoring all. */
  readonly finds?: boolean;
  readonly vectors?: ItemVectors;
}

export function fakeDense({ items, after, finds = false, vectors }: FakeDense): DenseScorer {
  const sorted = (query: Int32Array): [number, number][] =>
    [...(after([...query]) ?? [])].filter(([, score]) => score > -Infinity).sort(([, a], [, b]) => b - a);
  const finding: Pick<DenseScorer, 'best' | 'scoreItems'> = {
    best(queries, _rule, depth) {
      const rows = queries.map((query) => sorted(query).slice(0, depth));
      const fill = (of: (pair: readonly [number, number]) => number, none: number): number[] =>
        rows.flatMap((row) =>
          Array.from({ length: depth }, (_, i) => (row[i] === undefined ? none : of(row[i]))),
        );
      return {
        rowOf: Int32Array.from(queries.keys()),
        depth,
        items: Int32Array.from(fill(([item]) => item, -1)),
        scores: Float32Array.from(fill(([, score]) => score, -Infinity)),
      };
    },
    scoreItems(query, _rule, wanted, out) {
      const scores = after([...query]);
      wanted.forEach((item, i) => (out[i] = scores?.get(item) ?? -Infinity));
      return scores !== undefined;
    },
  };
  return {
    shape: 'dense',
    items: Int32Array.from(items),
    vocabulary: items.length,
    knows: (item) => items.includes(item),
    recommends: (item) => items.includes(item),
    queryRules: ['decayed-list'],
    ...(vectors === undefined ? {} : { vectors }),
    score(queries, _rule, out) {
      return Uint8Array.from(queries, (query, q) => {
        const scores = after([...query]);
        items.forEach((item, column) => (out[q * items.length + column] = scores?.get(item) ?? -Infinity));
        return scores === undefined ? 0 : 1;
      });
    },
    ...(finds ? finding : {}),
  };
}

export function fakeSparse(itemCount: number, after: ScoresAfter): SparseScorer {
  const set = new CandidateSet(itemCount);
  return {
    shape: 'sparse',
    vocabulary: itemCount,
    knows: (item) => item >= 0 && item < itemCount,
    recommends: (item) => item >= 0 && item < itemCount,
    queryRules: ['decayed-list'],
    candidates(query) {
      set.clear();
      for (const [item, score] of after([...query]) ?? []) set.push(item, score);
      return set.count === 0 ? undefined : set;
    },
  };
}
