import { log } from '../../deterministic-math.ts';
import type { DenseScorer, Scorer, SparseScorer } from '../model-kind.ts';

/** P of a sparse member's candidates is multiplied by this before the logarithm, so that small shares still tell. */
const SHARE_SCALE = 1000;

/** Scores of one member for a block of queries, as the blend adds them up, by the blend's columns. */
export interface MemberScores {
  /**
   * Adds `weight` × the member's score to each row.
   * @param rows one a query, as long as the blend has columns
   * @param answered is set to 1 for queries the member knows something of
   */
  addTo(
    rows: readonly Float32Array[],
    queries: readonly Int32Array[],
    weight: number,
    answered: Uint8Array,
  ): void;
}

/** Column of the blend of each item code, −1 for none. */
export type ColumnOf = Int32Array;

/**
 * A dense member adds its scores as they are. A sparse one adds log(1 + 1000 P), P being its candidates' scores scaled to
 * sum 1: the scores of a neighbourhood model grow with the length of the query, those of an encoder do not.
 */
export function memberScores(scorer: Scorer, columnOf: ColumnOf): MemberScores {
  return scorer.shape === 'dense' ? new DenseScores(scorer, columnOf) : new SparseScores(scorer, columnOf);
}

class DenseScores implements MemberScores {
  private readonly scorer: DenseScorer;
  private readonly columns: Int32Array;
  /** Items of the blend the member cannot score. */
  private readonly missing: Int32Array;
  private scores = new Float32Array(0);

  constructor(scorer: DenseScorer, columnOf: ColumnOf) {
    this.scorer = scorer;
    this.columns = scorer.items.map((item) => columnOf[item] ?? -1);
    const covered = new Set(this.columns);
    this.missing = columnOf.filter((column) => column >= 0 && !covered.has(column));
  }

  addTo(
    rows: readonly Float32Array[],
    queries: readonly Int32Array[],
    weight: number,
    answered: Uint8Array,
  ): void {
    const { scorer, columns, missing } = this;
    const width = columns.length;
    if (this.scores.length < queries.length * width) this.scores = new Float32Array(queries.length * width);
    const { scores } = this;
    const known = scorer.score(queries, scorer.queryRules[0] ?? 'none', scores);
    rows.forEach((row, q) => {
      if (known[q] !== 1) return;
      answered[q] = 1;
      const from = q * width;
      let least = Infinity;
      for (let i = 0; i < width; i++) {
        const score = scores[from + i] ?? 0;
        const column = columns[i] ?? -1;
        if (score > -Infinity && score < least) least = score;
        if (column >= 0) row[column] = (row[column] ?? 0) + weight * score;
      }
      // What a member knows nothing of stands with the last of what it knows.
      if (least < Infinity) for (const column of missing) row[column] = (row[column] ?? 0) + weight * least;
    });
  }
}

class SparseScores implements MemberScores {
  private readonly scorer: SparseScorer;
  private readonly columnOf: ColumnOf;

  constructor(scorer: SparseScorer, columnOf: ColumnOf) {
    this.scorer = scorer;
    this.columnOf = columnOf;
  }

  addTo(
    rows: readonly Float32Array[],
    queries: readonly Int32Array[],
    weight: number,
    answered: Uint8Array,
  ): void {
    const { scorer, columnOf } = this;
    rows.forEach((row, q) => {
      const found = scorer.candidates(queries[q] ?? new Int32Array(0), scorer.queryRules[0] ?? 'none');
      if (found === undefined) return;
      answered[q] = 1;
      let sum = 0;
      for (let slot = 0; slot < found.count; slot++) sum += Math.max(0, found.scores[slot] ?? 0);
      if (!(sum > 0)) return;
      for (let slot = 0; slot < found.count; slot++) {
        const column = columnOf[found.items[slot] ?? 0] ?? -1;
        const share = Math.max(0, found.scores[slot] ?? 0) / sum;
        if (column >= 0) row[column] = (row[column] ?? 0) + weight * log(1 + SHARE_SCALE * share);
      }
    });
  }
}
