import type { QueryRule } from '../../../protocol/report.ts';
import { BestRanker } from './best-ranker.ts';
import type { TargetRank } from './ranker.ts';
import type { Recommender } from './recommender.ts';

/** Items of a query that may stand before its target and are not counted: of few queries more than so many do, */
export const SEEN = 60;
/** but where lists are long, it may be most of those that have as many. So many are tried, */
const TRIED = 64;
/** and where less than this share of them is decided, further ones are scored at once. */
const DECIDED = 0.5;

/** @param known false: popularity answered. @param rank is valid during the call alone */
type VisitRank = (index: number, rank: TargetRank, known: boolean) => void;

/** Ranks targets of queries, from their best items where the model can give these alone and they decide. */
export class TargetRanking {
  private readonly recommender: Recommender;
  private readonly reach: number;
  private readonly bestRanker: BestRanker;
  private readonly rank = { kept: 0, removed: 0 };
  /** Queries of more than `SEEN` items whose best items were looked at, and how many of them these decided. */
  private readonly long = { tried: 0, decided: 0 };

  /** @param reach ranks beyond it are 0, misses */
  constructor(recommender: Recommender, reach: number) {
    this.recommender = recommender;
    this.reach = reach;
    this.bestRanker = new BestRanker(recommender.ties, reach);
  }

  /**
   * Ranks each query's target, in no promised order.
   * @param queries item codes, oldest first
   * @param targets item code of each
   */
  rankEach(
    queries: readonly Int32Array[],
    targets: ArrayLike<number>,
    rule: QueryRule,
    visit: VisitRank,
  ): void {
    const open = this.recommender.findsBest
      ? this.rankByBest(queries, targets, rule, visit)
      : [...queries.keys()];
    this.recommender.scoreEach(
      open.map((index) => queryAt(queries, index)),
      rule,
      (place, { candidates, background, known }) => {
        const index = open[place] ?? 0;
        const { ranker } = this.recommender;
        ranker.rank(candidates, background, queryAt(queries, index), targets[index] ?? -1, this.rank);
        visit(index, this.within(), known);
      },
    );
  }

  /** Ranks the queries whose best items decide; returns the others. */
  private rankByBest(
    queries: readonly Int32Array[],
    targets: ArrayLike<number>,
    rule: QueryRule,
    visit: VisitRank,
  ): number[] {
    const { recommender, bestRanker, rank, reach } = this;
    const targetOf = (index: number): number => targets[index] ?? -1;
    const asked: number[] = [];
    const undecided: number[] = [];
    for (const [index, query] of queries.entries()) {
      if (this.mustMiss(query, targetOf(index), rule)) visit(index, MISS, true);
      else (this.isHopeless(query) ? undecided : asked).push(index);
    }
    recommender.bestEach(
      asked.map((index) => queryAt(queries, index)),
      rule,
      reach + SEEN,
      (place, best, row) => {
        const index = asked[place] ?? 0;
        const query = queryAt(queries, index);
        const decided = row >= 0 && bestRanker.rank(best, row, query, targetOf(index), rank);
        this.learn(query, decided);
        if (decided) visit(index, rank, true);
        else undecided.push(index);
      },
      asked.map(targetOf),
    );
    return undecided;
  }

  /** Whether the model answers the query and never recommends its target. */
  private mustMiss(query: Int32Array, target: number, rule: QueryRule): boolean {
    const { scorer } = this.recommender;
    if (scorer.recommends(target)) return false;
    return (rule === 'last-item' ? query.slice(-1) : query).some((item) => scorer.knows(item));
  }

  /** Whether the best items of a query will hardly decide. */
  private isHopeless(query: Int32Array): boolean {
    const { tried, decided } = this.long;
    return query.length > SEEN && tried >= TRIED && decided < DECIDED * tried;
  }

  private learn(query: Int32Array, decided: boolean): void {
    if (query.length <= SEEN) return;
    this.long.tried++;
    if (decided) this.long.decided++;
  }

  private within(): TargetRank {
    const { rank, reach } = this;
    if (rank.kept > reach) rank.kept = 0;
    if (rank.removed > reach) rank.removed = 0;
    return rank;
  }
}

const MISS: TargetRank = { kept: 0, removed: 0 };
const NOTHING = new Int32Array(0);

function queryAt(queries: readonly Int32Array[], index: number): Int32Array {
  return queries[index] ?? NOTHING;
}
