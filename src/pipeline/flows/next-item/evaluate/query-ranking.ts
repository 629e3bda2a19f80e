import { queryItems, targetOf, type AskedPlaces } from '../../../metrics/queries.ts';
import { DEEPEST } from '../../../metrics/rank-metrics.ts';
import type { RecommendedItems } from '../../../metrics/recommended-items.ts';
import { BestRanker } from '../../../kinds/ranking/best-ranker.ts';
import type { BestItems } from '../../../kinds/ranking/scorer.ts';
import type { SeenItems } from '../../../kinds/ranking/ranker.ts';
import type { Recommender, ScoredQuery } from '../../../kinds/ranking/recommender.ts';
import type { RuleRanks } from './rule-ranks.ts';

/** Best items asked for: enough that few queries' seen items leave less than `DEEPEST` of them. */
const BEST = DEEPEST + 60;

/** Gathers the top lists, with seen items kept or removed. */
export interface ListOptions {
  readonly seen: SeenItems;
  readonly into: RecommendedItems;
}

/** Ranks queries by number, from their best items where the model can give these alone and they decide. */
export class QueryRanking {
  private readonly ranks: RuleRanks;
  private readonly recommender: Recommender;
  private readonly queries: AskedPlaces;
  private readonly lists: ListOptions | undefined;
  private readonly bestRanker: BestRanker;
  private readonly rank = { kept: 0, removed: 0 };
  /** The last top list: with seen items kept, queries that the rule cannot tell apart have one. */
  private list: Int32Array | undefined;
  private listed: { readonly from: BestItems | ScoredQuery; readonly row: number } | undefined;

  /** @param ranks are filled, by number of the query */
  constructor(recommender: Recommender, queries: AskedPlaces, ranks: RuleRanks, lists?: ListOptions) {
    this.recommender = recommender;
    this.queries = queries;
    this.ranks = ranks;
    this.lists = lists;
    this.bestRanker = new BestRanker(recommender.ties, DEEPEST);
  }

  rankThese(numbers: readonly number[]): void {
    const open = this.recommender.findsBest ? this.rankByBest(numbers) : numbers;
    this.recommender.scoreEach(this.queriesOf(open), this.ranks.rule, (i, scored) =>
      this.takeScored(open[i] ?? 0, scored),
    );
  }

  private queriesOf(numbers: readonly number[]): Int32Array[] {
    return numbers.map((q) => queryItems(this.queries, q));
  }

  /** Ranks the queries whose best items decide; returns the others. */
  private rankByBest(numbers: readonly number[]): number[] {
    const asked = this.lists === undefined ? numbers.filter((q) => !this.mustMiss(q)) : numbers;
    const targets = this.lists === undefined ? asked.map((q) => targetOf(this.queries, q)) : undefined;
    const undecided: number[] = [];
    const take = (i: number, best: BestItems, row: number): void => {
      const q = asked[i] ?? 0;
      if (row < 0) this.takeScored(q, this.recommender.unknown);
      else if (!this.takeBest(q, best, row)) undecided.push(q);
    };
    this.recommender.bestEach(this.queriesOf(asked), this.ranks.rule, BEST, take, targets);
    return undecided;
  }

  /** Whether the model answers the query and never recommends its target. */
  private mustMiss(q: number): boolean {
    const { scorer } = this.recommender;
    if (scorer.recommends(targetOf(this.queries, q))) return false;
    const query = queryItems(this.queries, q);
    return (this.ranks.rule === 'last-item' ? query.slice(-1) : query).some((item) => scorer.knows(item));
  }

  /** False where the best items do not decide the rank and the list. */
  private takeBest(q: number, best: BestItems, row: number): boolean {
    const query = queryItems(this.queries, q);
    const { bestRanker, lists, rank } = this;
    if (!bestRanker.rank(best, row, query, targetOf(this.queries, q), rank)) return false;
    if (lists !== undefined) {
      const list = this.listOf(best, row, () => bestRanker.top(best, row, query, lists.seen));
      if (list === undefined) return false;
      lists.into.add(list);
    }
    this.store(q, true);
    return true;
  }

  private takeScored(q: number, scored: ScoredQuery): void {
    const { candidates, background, known } = scored;
    const { lists, rank } = this;
    const { ranker } = this.recommender;
    const query = queryItems(this.queries, q);
    ranker.rank(candidates, background, query, targetOf(this.queries, q), rank);
    this.store(q, known);
    if (lists === undefined) return;
    const cut = (): Int32Array => ranker.top(candidates, background, query, lists.seen, DEEPEST).items;
    lists.into.add(this.listOf(scored, 0, cut) ?? cut());
  }

  private listOf(
    from: BestItems | ScoredQuery,
    row: number,
    cut: () => Int32Array | undefined,
  ): Int32Array | undefined {
    if (this.lists?.seen === 'removed' || this.listed?.from !== from || this.listed.row !== row) {
      this.list = cut();
      this.listed = { from, row };
    }
    return this.list;
  }

  private store(q: number, known: boolean): void {
    const { ranks, rank } = this;
    ranks.kept[q] = rank.kept <= DEEPEST ? rank.kept : 0;
    ranks.removed[q] = rank.removed <= DEEPEST ? rank.removed : 0;
    ranks.unknown[q] = known ? 0 : 1;
  }
}
