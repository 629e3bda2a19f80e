import type { Candidates, Scorer } from '../ranking/scorer.ts';
import { LogShares } from '../ranking/log-shares.ts';
import { queriesTogether, ScoreBlock } from '../ranking/score-block.ts';
import { memberScores, rowsNeeded, type ColumnOf, type MemberScores } from './member-scores.ts';

/** Queries scored together, at most: the members' scores of all of them are in memory. */
const BLOCK = 16;

const NO_COLUMNS = new Int32Array(0);

/** The scores of all members for a block of queries, from which weighted sums are made without scoring anew. */
export class BlendRows {
  private readonly members: readonly MemberScores[];
  private readonly block: ScoreBlock;
  private readonly firstSum: number;
  /** Queries scored together. */
  readonly together: number;

  /** @param sums rows for weighted sums */
  constructor(scorers: readonly Scorer[], columnOf: ColumnOf, width: number, sums: number) {
    this.together = queriesTogether(BLOCK, width, scorers.length);
    const rows = scorers.map((scorer) => rowsNeeded(scorer, this.together));
    const starts = rows.map((_, m) => rows.slice(0, m).reduce((sum, count) => sum + count, 0));
    this.firstSum = rows.reduce((sum, count) => sum + count, 0);
    const block = new ScoreBlock(this.firstSum + sums, width);
    this.block = block;
    const kernels = { block, logShares: new LogShares() };
    this.members = scorers.map((scorer, m) => memberScores(scorer, columnOf, kernels, starts[m] ?? 0));
  }

  /** Scores at most `together` queries; what follows is about these, by their place in the block. */
  score(queries: readonly Int32Array[]): void {
    for (const member of this.members) member.score(queries);
  }

  /** Whether a member with a weight knows something of the query. */
  answers(query: number, weights: readonly number[]): boolean {
    return this.members.some((member, m) => (weights[m] ?? 0) !== 0 && member.knows(query));
  }

  /** Columns a member scores for the query; undefined: all. */
  scored(member: number, query: number): Int32Array | undefined {
    const scores = this.members[member];
    return scores?.knows(query) === true ? scores.scored(query) : NO_COLUMNS;
  }

  /**
   * Makes start + Σ weight · score, adding members in their order.
   * @param sum which of the rows for sums to fill
   * @param start one number a column; absent: zeros
   * @returns the row
   */
  sum(sum: number, query: number, weights: readonly number[], start?: Float32Array): Float32Array {
    const index = this.firstSum + sum;
    const row = this.block.row(index);
    if (start === undefined) row.fill(0);
    else row.set(start);
    this.members.forEach((member, m) => {
      const weight = weights[m] ?? 0;
      if (weight !== 0 && member.knows(query)) member.addTo(index, query, weight);
    });
    return row;
  }

  /** A row for sums, as it is ranked. */
  candidates(sum: number, items: Int32Array, slotOf: ColumnOf): Candidates {
    const index = this.firstSum + sum;
    return {
      items,
      scores: this.block.row(index),
      count: items.length,
      slotOf,
      scan: this.block.scan(index),
    };
  }
}
