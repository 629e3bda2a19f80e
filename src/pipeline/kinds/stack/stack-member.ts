import type { Candidates, DenseScorer, Scorer, SparseScorer } from '../ranking/scorer.ts';
import { TopSelector } from '../ranking/top-selector.ts';

/** A model as the stack asks it: about one query at a time. */
interface Asked {
  /**
   * Tells which queries, as these very arrays, it will be asked about next, and how many of its best will be wanted, at most:
   * for models that find those of several queries faster together.
   */
  expect?(queries: readonly Int32Array[], depth: number): void;
  /** Looks at a query; what follows is about it. @returns whether the model knows something of it */
  begin(query: Int32Array): boolean;
  /** Item codes of its best, at most `depth`, best first; none where it knows nothing. */
  best(depth: number): Int32Array;
  /** Its scores of some items, −Infinity where it has none; of a sparse model 0, and its scores are scaled to sum 1. */
  scores(items: Int32Array, out: Float32Array): void;
}

export interface StackMember extends Asked {
  readonly name: string;
  readonly kind: string;
  readonly scorer: Scorer;
}

const NONE = new Int32Array(0);

/** @param ties place of each item in the random order that cuts ties */
export function stackMember(name: string, kind: string, scorer: Scorer, ties: Uint32Array): StackMember {
  const asked = scorer.shape === 'sparse' ? sparse(scorer, ties) : dense(scorer, ties);
  return { name, kind, scorer, ...asked };
}

function sparse(scorer: SparseScorer, ties: Uint32Array): Asked {
  const selector = new TopSelector(ties);
  const rule = scorer.queryRules[0] ?? 'none';
  let found: Candidates | undefined;
  let total = 0;
  return {
    begin(query) {
      found = scorer.candidates(query, rule);
      total = found === undefined ? 0 : sumOf(found);
      if (total === 0) found = undefined;
      return found !== undefined;
    },
    best: (depth) => (found === undefined ? NONE : selector.select(found, depth).items),
    scores(items, out) {
      if (found === undefined) {
        out.fill(0, 0, items.length);
        return;
      }
      const { slotOf, scores } = found;
      for (let i = 0; i < items.length; i++) {
        const slot = slotOf[items[i] ?? 0] ?? -1;
        out[i] = slot < 0 ? 0 : Math.max(0, scores[slot] ?? 0) / total;
      }
    },
  };
}

/** Negative scores count as 0. */
function sumOf({ scores, count }: Candidates): number {
  let sum = 0;
  for (let slot = 0; slot < count; slot++) sum += Math.max(0, scores[slot] ?? 0);
  return sum;
}

function dense(scorer: DenseScorer, ties: Uint32Array): Asked {
  return finds(scorer) ? finding(scorer) : scoringAll(scorer, ties);
}

type Finding = DenseScorer & Required<Pick<DenseScorer, 'best' | 'scoreItems'>>;

function finds(scorer: DenseScorer): scorer is Finding {
  return scorer.best !== undefined && scorer.scoreItems !== undefined;
}

/** A model that finds its best items, and scores any, without scoring all. */
function finding(scorer: Finding): Asked {
  const rule = scorer.queryRules[0] ?? 'none';
  let asked: Int32Array = NONE;
  let known = false;
  let expected: ReadonlyMap<Int32Array, Int32Array | undefined> = new Map();
  let expectedDepth = 0;
  const bestOf = (queries: readonly Int32Array[], depth: number): (Int32Array | undefined)[] => {
    const { rowOf, items } = scorer.best(queries, rule, depth);
    return queries.map((_, q) => {
      const row = rowOf[q] ?? -1;
      if (row < 0) return undefined;
      // What is −1 stands last.
      let count = 0;
      while (count < depth && (items[row * depth + count] ?? -1) >= 0) count++;
      return items.subarray(row * depth, row * depth + count);
    });
  };
  return {
    expect(queries, depth) {
      const found = bestOf(queries, depth);
      expected = new Map(queries.map((query, q) => [query, found[q]]));
      expectedDepth = depth;
    },
    begin(query) {
      asked = query;
      known = expected.has(query)
        ? expected.get(query) !== undefined
        : scorer.scoreItems(query, rule, NONE, new Float32Array(0));
      return known;
    },
    best(depth) {
      if (!known) return NONE;
      const list = depth <= expectedDepth ? expected.get(asked) : undefined;
      return list?.subarray(0, depth) ?? bestOf([asked], depth)[0] ?? NONE;
    },
    scores(items, out) {
      if (!known || !scorer.scoreItems(asked, rule, items, out)) out.fill(-Infinity, 0, items.length);
    },
  };
}

function scoringAll(scorer: DenseScorer, ties: Uint32Array): Asked {
  const { items: columns, queryRules } = scorer;
  const selector = new TopSelector(ties);
  const rule = queryRules[0] ?? 'none';
  const columnOf = new Int32Array(ties.length).fill(-1);
  columns.forEach((item, column) => (columnOf[item] = column));
  const row = new Float32Array(columns.length);
  let known = false;
  return {
    begin(query) {
      known = scorer.score([query], rule, row)[0] === 1;
      return known;
    },
    best(depth) {
      const all = { items: columns, scores: row, count: row.length, slotOf: columnOf };
      return known ? selector.select(all, depth).items : NONE;
    },
    scores(items, out) {
      for (let i = 0; i < items.length; i++)
        out[i] = known ? (row[columnOf[items[i] ?? 0] ?? -1] ?? -Infinity) : -Infinity;
    },
  };
}
