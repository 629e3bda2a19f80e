import { queryItems, targetOf, type AskedPlaces } from '../../../metrics/queries.ts';
import { DEEPEST } from '../../../metrics/rank-metrics.ts';
import type { RecommendedItems } from '../../../metrics/recommended-items.ts';
import { BestRanker } from '../../../kinds/ranking/best-ranker.ts';
import type { BestItems } from '../../../kinds/ranking/scorer.ts';
import type { SeenItems, TargetRank } from '../../../kinds/ranking/ranker.ts';
import type { Recommender, ScoredQuery } from '../../../kinds/ranking/recommender.ts';
import { SEEN, TargetRanking } from '../../../kinds/ranking/target-ranking.ts';
import type { RuleRanks } from './rule-ranks.ts';

/** Best items asked for: enough that few queries' seen items leave less than `DEEPEST` of them. */
const BEST = DEEPEST + SEEN;

/** Gathers the top lists, with seen items kept or removed. */
export interface ListOptions {
  readonly seen: SeenItems;
  readonly into: RecommendedItems;
}

/** Ranks queries by number. */
export interface QueryRanking {
  rankThese(numbers: readonly number[]): void;
}

/** @param ranks are filled, by number of the query */
export function queryRanking(
  recommender: Recommender,
  queries: AskedPlaces,
  ranks: RuleRanks,
  lists?: ListOptions,
): QueryRanking {
  if (lists !== undefined) return new ListRanking(recommender, queries, ranks, lists);
  const ranking = new TargetRanking(recommender, DEEPEST);
  return {
    rankThese(numbers) {
      const targets = numbers.map((q) => targetOf(queries, q));
      ranking.rankEach(itemsOf(queries, numbers), targets, ranks.rule, (i, rank, known) =>
        store(ranks, numbers[i] ?? 0, rank, known),
      );
    },
  };
}

/** Gathers top lists too; from the best items of queries where the model can give these alone and they decide. */
class ListRanking implements QueryRanking {
  private readonly ranks: RuleRanks;
  private readonly recommender: Recommender;
  private readonly queries: AskedPlaces;
  private readonly lists: ListOptions;
  private readonly bestRanker: BestRanker;
  private readonly rank = { kept: 0, removed: 0 };
  /** The last top list: with seen items kept, queries that the rule cannot tell apart have one. */
  private list: Int32Array | undefined;
  private listed: { readonly from: BestItems | ScoredQuery; readonly row: number } | undefined;

  constructor(recommender: Recommender, queries: AskedPlaces, ranks: RuleRanks, lists: ListOptions) {
    this.recommender = recommender;
    this.queries = queries;
    this.ranks = ranks;
    this.lists = lists;
    this.bestRanker = new BestRanker(recommender.ties, DEEPEST);
  }

  rankThese(numbers: readonly number[]): void {
    const open = this.recommender.findsBest ? this.rankByBest(numbers) : numbers;
    this.recommender.scoreEach(itemsOf(this.queries, open), this.ranks.rule, (i, scored) =>
      this.takeScored(open[i] ?? 0, scored),
    );
  }

  /** Ranks the queries whose best items decide; returns the others. */
  private rankByBest(numbers: readonly number[]): number[] {
    const undecided: number[] = [];
    const take = (i: number, best: BestItems, row: number): void => {
      const q = numbers[i] ?? 0;
      if (row < 0) this.takeScored(q, this.recommender.unknown);
      else if (!this.takeBest(q, best, row)) undecided.push(q);
    };
    this.recommender.bestEach(itemsOf(this.queries, numbers), this.ranks.rule, BEST, take);
    return undecided;
  }

  /** False where the best items do not decide the rank and the list. */
  private takeBest(q: number, best: BestItems, row: number): boolean {
    const query = queryItems(this.queries, q);
    const { bestRanker, lists, rank } = this;
    if (!bestRanker.rank(best, row, query, targetOf(this.queries, q), rank)) return false;
    const list = this.listOf(best, row, () => bestRanker.top(best, row, query, lists.seen));
    if (list === undefined) return false;
    lists.into.add(list);
    store(this.ranks, q, rank, true);
    return true;
  }

  private takeScored(q: number, scored: ScoredQuery): void {
    const { candidates, background, known } = scored;
    const { lists, rank } = this;
    const { ranker } = this.recommender;
    const query = queryItems(this.queries, q);
    ranker.rank(candidates, background, query, targetOf(this.queries, q), rank);
    store(this.ranks, q, rank, known);
    const cut = (): Int32Array => ranker.top(candidates, background, query, lists.seen, DEEPEST).items;
    lists.into.add(this.listOf(scored, 0, cut) ?? cut());
  }

  private listOf(
    from: BestItems | ScoredQuery,
    row: number,
    cut: () => Int32Array | undefined,
  ): Int32Array | undefined {
    if (this.lists.seen === 'removed' || this.listed?.from !== from || this.listed.row !== row) {
      this.list = cut();
      this.listed = { from, row };
    }
    return this.list;
  }
}

function itemsOf(queries: AskedPlaces, numbers: readonly number[]): Int32Array[] {
  return numbers.map((q) => queryItems(queries, q));
}

/** A rank beyond the deepest that counts is a miss. */
function store(ranks: RuleRanks, q: number, { kept, removed }: TargetRank, known: boolean): void {
  ranks.kept[q] = kept <= DEEPEST ? kept : 0;
  ranks.removed[q] = removed <= DEEPEST ? removed : 0;
  ranks.unknown[q] = known ? 0 : 1;
}
