import type { DenseScorer, Scorer, SparseScorer } from '../ranking/scorer.ts';
import type { LogShares } from '../ranking/log-shares.ts';
import type { ScoreBlock } from '../ranking/score-block.ts';

/** P of a sparse member's candidates is multiplied by this before the logarithm, so that small shares still tell. */
export const SHARE_SCALE = 1000;

/** Scores of one member for a block of queries, as the blend adds them up, by the blend's columns. */
export interface MemberScores {
  /** Scores a block of queries; what follows is about these, by their place in the block. */
  score(queries: readonly Int32Array[]): void;
  /** Whether the member knows something of a query. */
  knows(query: number): boolean;
  /** Columns the member scores for a query that it knows; undefined: all. */
  scored(query: number): Int32Array | undefined;
  /** Adds `weight` × the member's scores for a query that it knows to a row of the block. */
  addTo(row: number, query: number, weight: number): void;
}

/** Column of the blend of each item code, −1 for none. */
export type ColumnOf = Int32Array;

/** Rows of the block a member needs for so many queries. */
export const rowsNeeded = (scorer: Scorer, queries: number): number =>
  scorer.shape === 'dense' ? queries : 0;

/** What all members of a blend compute in. */
interface Kernels {
  readonly block: ScoreBlock;
  readonly logShares: LogShares;
}

/**
 * A dense member adds its scores as they are. A sparse one adds log(1 + 1000 P), P being its candidates' scores scaled to
 * sum 1: the scores of a neighbourhood model grow with the length of the query, those of an encoder do not.
 * @param first of the `rowsNeeded` rows of the block that are the member's own
 */
export function memberScores(
  scorer: Scorer,
  columnOf: ColumnOf,
  { block, logShares }: Kernels,
  first: number,
): MemberScores {
  return scorer.shape === 'dense'
    ? new DenseScores(scorer, columnOf, block, first)
    : new SparseScores(scorer, columnOf, { block, logShares });
}

class DenseScores implements MemberScores {
  private readonly scorer: DenseScorer;
  private readonly block: ScoreBlock;
  private readonly first: number;
  private readonly columns: Int32Array;
  /** Whether the member's columns are the first of the blend's, in the same order. */
  private readonly inOrder: boolean;
  /** Columns of the blend the member cannot score. */
  private readonly missing: Int32Array;
  private scores = new Float32Array(0);
  private known: Uint8Array = new Uint8Array(0);

  constructor(scorer: DenseScorer, columnOf: ColumnOf, block: ScoreBlock, first: number) {
    this.scorer = scorer;
    this.block = block;
    this.first = first;
    this.columns = scorer.items.map((item) => columnOf[item] ?? -1);
    this.inOrder = this.columns.every((column, i) => column === i);
    const covered = new Set(this.columns);
    this.missing = columnOf.filter((column) => column >= 0 && !covered.has(column));
  }

  score(queries: readonly Int32Array[]): void {
    const { scorer, columns, missing, block, first } = this;
    const rule = scorer.queryRules[0] ?? 'none';
    if (this.inOrder && missing.length === 0) {
      this.known = scorer.score(queries, rule, block.rows(first, queries.length));
      return;
    }
    const size = queries.length * columns.length;
    if (this.scores.length < size) this.scores = new Float32Array(size);
    this.known = scorer.score(queries, rule, this.scores);
    for (let q = 0; q < queries.length; q++) if (this.knows(q)) this.place(q);
  }

  knows(query: number): boolean {
    return this.known[query] === 1;
  }

  scored(): undefined {
    return undefined;
  }

  addTo(row: number, query: number, weight: number): void {
    this.block.addScaled(row, this.first + query, weight);
  }

  /** Brings one query's scores into the blend's columns. */
  private place(query: number): void {
    const { columns, missing, block, first } = this;
    const row = block.row(first + query);
    const scores = this.scores.subarray(query * columns.length, (query + 1) * columns.length);
    if (this.inOrder) row.set(scores);
    else
      for (let i = 0; i < columns.length; i++) {
        const column = columns[i] ?? -1;
        if (column >= 0) row[column] = scores[i] ?? 0;
      }
    if (missing.length === 0) return;
    for (const column of missing) row[column] = Infinity;
    // What a member knows nothing of stands with the last of what it knows.
    const least = block.leastFinite(first + query);
    for (const column of missing) row[column] = least < Infinity ? least : 0;
  }
}

class SparseScores implements MemberScores {
  private readonly scorer: SparseScorer;
  private readonly columnOf: ColumnOf;
  private readonly block: ScoreBlock;
  private readonly logShares: LogShares;
  /** Of each query; undefined where the member knows nothing of it. */
  private found: ({ readonly columns: Int32Array; readonly values: Float64Array } | undefined)[] = [];

  constructor(scorer: SparseScorer, columnOf: ColumnOf, { block, logShares }: Kernels) {
    this.scorer = scorer;
    this.columnOf = columnOf;
    this.block = block;
    this.logShares = logShares;
  }

  score(queries: readonly Int32Array[]): void {
    this.found = queries.map((query) => this.scoreOne(query));
  }

  knows(query: number): boolean {
    return this.found[query] !== undefined;
  }

  scored(query: number): Int32Array | undefined {
    return this.found[query]?.columns;
  }

  addTo(row: number, query: number, weight: number): void {
    const found = this.found[query];
    if (found === undefined) return;
    const { columns, values } = found;
    const sums = this.block.row(row);
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i] ?? 0;
      sums[column] = (sums[column] ?? 0) + weight * (values[i] ?? 0);
    }
  }

  private scoreOne(query: Int32Array): (typeof this.found)[number] {
    const { scorer, columnOf } = this;
    const candidates = scorer.candidates(query, scorer.queryRules[0] ?? 'none');
    if (candidates === undefined) return undefined;
    const { items, scores, count } = candidates;
    let sum = 0;
    for (let slot = 0; slot < count; slot++) sum += Math.max(0, scores[slot] ?? 0);
    const most = sum > 0 ? count : 0;
    const columns = new Int32Array(most);
    const values = new Float64Array(most);
    let size = 0;
    for (let slot = 0; slot < most; slot++) {
      const column = columnOf[items[slot] ?? 0] ?? -1;
      if (column < 0) continue;
      columns[size] = column;
      values[size++] = scores[slot] ?? 0;
    }
    this.logShares.take(values.subarray(0, size), SHARE_SCALE, sum);
    return { columns: columns.subarray(0, size), values: values.subarray(0, size) };
  }
}
