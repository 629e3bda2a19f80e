/**
 * The scoring rule, defined once: how a query is scored, what answers an unknown query, what happens to items the
 * query already holds, how ties are cut. Evaluation, hover, explorer, `recsys neighbours` and serving all call this.
 */
import type { QueryRule } from '../../../protocol/report.ts';
import { tieOrder } from '../../seeded-random.ts';
import { BestRanker } from './best-ranker.ts';
import type { AllowedItems } from './allowed-candidates.ts';
import type { BestItems, Candidates, Scorer, StaticRanking } from './scorer.ts';
import { popularityRanking } from './static-ranking.ts';
import { SimilarItems } from './similar-items.ts';
import { emptyCandidates } from './candidate-set.ts';
import { queriesTogether, ScoreBlock } from './score-block.ts';
import { Ranker, type FilledList, type SeenItems, type TopList } from './ranker.ts';

/** Queries scored together, at most. */
const BLOCK = 32;
/** Queries for which it pays to find the best items alone, and how many of these. */
const FEWEST = 4;
const DEEPEST = 256;

export interface RecommendOptions {
  readonly k: number;
  /** Default: the model's own rule. */
  readonly rule?: QueryRule | undefined;
  /** Whether items of the query may be recommended. */
  readonly seen: SeenItems;
  /** What answers a query the model knows nothing of. Default: popularity. */
  readonly fallback?: 'popularity' | 'none' | undefined;
  /** Items that may be listed, of which the best `k` are; absent: all. */
  readonly allowed?: AllowedItems | undefined;
}

/** One of several lists that are asked for together. */
export type AskedList = Pick<RecommendOptions, 'k' | 'seen' | 'allowed'> & { readonly query: Int32Array };

/** Items of one query, best first; scores never rise, and are of one scale. */
export interface Recommendation extends TopList {
  /** `popularity`: the model has nothing of its own after the query; scores are training rows. */
  readonly answeredBy: 'model' | 'popularity' | 'nothing';
  /**
   * Place of the first item that popularity answers with. Where it fills up the model's own list, its scores are NaN, as
   * the model has none for them.
   */
  readonly popularFrom: number;
}

/** The scores of one query, ready to be ranked. */
export interface ScoredQuery {
  readonly candidates: Candidates;
  readonly background: StaticRanking | undefined;
  /** False: the model knows nothing of the query, and popularity answers. */
  readonly known: boolean;
}

type Visit = (index: number, scored: ScoredQuery) => void;

export interface RecommenderOptions {
  readonly scorer: Scorer;
  /** Training rows of each item: the fallback, and the catalogue (items with at least one). */
  readonly trainCounts: Uint32Array;
  readonly seed: number;
}

export class Recommender {
  readonly scorer: Scorer;
  readonly ranker: Ranker;
  readonly popularity: StaticRanking;
  /** Place of each item in the random order that cuts ties. */
  readonly ties: Uint32Array;
  /** What answers where the model knows nothing: popularity. */
  readonly unknown: ScoredQuery;
  private readonly bestRanker: BestRanker;
  private readonly slotOf: Int32Array;
  private readonly block: ScoreBlock | undefined;
  /** Queries scored together. */
  private readonly together: number;
  private similarItems: SimilarItems | undefined;

  constructor({ scorer, trainCounts, seed }: RecommenderOptions) {
    const itemCount = trainCounts.length;
    const ties = tieOrder(itemCount, seed);
    this.scorer = scorer;
    this.ties = ties;
    this.ranker = new Ranker(itemCount, ties);
    this.bestRanker = new BestRanker(ties, DEEPEST);
    this.popularity = popularityRanking(trainCounts, ties);
    const absent = new Int32Array(itemCount).fill(-1);
    this.unknown = { candidates: emptyCandidates(itemCount), background: this.popularity, known: false };
    this.slotOf = scorer.shape === 'dense' ? columnOf(scorer.items, itemCount) : absent;
    const width = scorer.shape === 'dense' ? scorer.items.length : 0;
    this.together = queriesTogether(BLOCK, width);
    this.block = scorer.shape === 'dense' ? new ScoreBlock(this.together, width) : undefined;
  }

  /** The model's own query rule. */
  get ownRule(): QueryRule {
    return this.scorer.queryRules[0] ?? 'none';
  }

  /** The best `k` items for a list of item codes, oldest first. */
  recommend(query: Int32Array, { rule, fallback, ...asked }: RecommendOptions): Recommendation {
    return this.recommendEach([{ query, ...asked }], { rule, fallback })[0] ?? nothingFound();
  }

  /** The same for each of several lists, which are scored together: faster, with the same results. */
  recommendEach(
    asked: readonly AskedList[],
    {
      rule = this.ownRule,
      fallback = 'popularity',
    }: { rule?: QueryRule | undefined; fallback?: RecommendOptions['fallback'] } = {},
  ): Recommendation[] {
    const found = this.listsOfBest(asked, rule);
    const open = Array.from(asked.keys()).filter((index) => found[index] === undefined);
    const queries = open.map((index) => asked[index]?.query ?? NOTHING);
    this.scoreEach(queries, rule, (place, { candidates, background, known }) => {
      const index = open[place] ?? -1;
      const list = asked[index];
      if (list === undefined || (!known && fallback === 'none')) return;
      const top = this.ranker.top(candidates, background, list.query, list.seen, list.k, list.allowed);
      found[index] = known ? this.byModel(top) : { ...top, answeredBy: 'popularity', popularFrom: 0 };
    });
    return found.map((list) => list ?? nothingFound());
  }

  /** Lists that the best items of their queries decide, which several queries find faster together than by all scores. */
  private listsOfBest(asked: readonly AskedList[], rule: QueryRule): (Recommendation | undefined)[] {
    const found: (Recommendation | undefined)[] = asked.map(() => undefined);
    const short = Array.from(asked.keys()).filter((index) => depthOf(asked[index]) <= DEEPEST);
    if (!this.findsBest || short.length < FEWEST) return found;
    const depth = short.reduce((most, index) => Math.max(most, depthOf(asked[index])), 1);
    const queries = short.map((index) => asked[index]?.query ?? NOTHING);
    this.bestEach(queries, rule, depth, (place, best, row) => {
      const index = short[place] ?? -1;
      const list = asked[index];
      if (list === undefined || row < 0) return;
      const top = this.bestRanker.list(best, row, list.query, list);
      if (top !== undefined) found[index] = this.byModel({ ...top, fromBackground: top.items.length });
    });
    return found;
  }

  private byModel({ items, scores, fromBackground }: FilledList): Recommendation {
    const { scorer } = this;
    const isOwn = scorer.shape === 'sparse' && scorer.ownsBackground === true;
    if (fromBackground === 0 && items.length > 0 && !isOwn)
      return { items, scores, answeredBy: 'popularity', popularFrom: 0 };
    if (isOwn) return { items, scores, answeredBy: 'model', popularFrom: items.length };
    return {
      items,
      scores: scores.fill(NaN, fromBackground),
      answeredBy: 'model',
      popularFrom: fromBackground,
    };
  }

  /**
   * The `k` items most similar to one the model knows, itself left out: by the model's vectors where their products tell
   * similarity, else as the model itself recommends after this item alone. Fewer where it relates fewer.
   * @param allowed items that may be listed; absent: all
   */
  similar(item: number, k: number, allowed?: AllowedItems): TopList {
    const { vectors } = this.scorer;
    if (vectors?.similarity !== 'product') return this.ownAfter(item, k, allowed);
    this.similarItems ??= new SimilarItems(vectors);
    return this.similarItems.nearest(item, k, allowed);
  }

  /** What the model recommends after one item, without what popularity would fill in. */
  private ownAfter(item: number, k: number, allowed: AllowedItems | undefined): TopList {
    const options = { k, seen: 'removed', fallback: 'none', allowed } as const;
    const { items, scores, popularFrom } = this.recommend(Int32Array.of(item), options);
    return { items: items.slice(0, popularFrom), scores: scores.slice(0, popularFrom) };
  }

  /**
   * Scores each query, in no promised order. What `visit` is given is valid only during the call, and is the same object
   * for queries that the rule cannot tell apart, which come one after the other.
   */
  scoreEach(queries: readonly Int32Array[], rule: QueryRule, visit: Visit): void {
    const groups = sameToRule(queries, rule);
    for (let at = 0; at < groups.length; at += this.together) {
      const block = groups.slice(at, at + this.together);
      const distinct = block.map(([index = 0]) => seenByRule(queries[index] ?? NOTHING, rule));
      const scoredAt = this.scoreBlock(distinct, rule);
      block.forEach((group, row) => {
        const scored = scoredAt(row);
        for (const index of group) visit(index, scored);
      });
    }
  }

  /** Whether `bestEach` can be asked. */
  get findsBest(): boolean {
    return this.scorer.shape === 'dense' && this.scorer.best !== undefined;
  }

  /**
   * Finds the best items of each query without scoring all. `visit` gets the query's row in `best`, −1 where popularity
   * answers (`unknown`). Queries that the rule cannot tell apart come one after the other, with the same row.
   * @param targets the item of each query whose rank is all that is asked; see `DenseScorer.best`
   */
  bestEach(
    queries: readonly Int32Array[],
    rule: QueryRule,
    depth: number,
    visit: (index: number, best: BestItems, row: number) => void,
    targets?: readonly number[],
  ): void {
    const { scorer } = this;
    if (scorer.shape !== 'dense' || scorer.best === undefined)
      throw new Error('this model scores all items or none');
    const groups = sameToRule(queries, rule);
    const distinct = groups.map(([index = 0]) => seenByRule(queries[index] ?? NOTHING, rule));
    const asked = targets && Int32Array.from(groups, (group) => soleOf(group.map((i) => targets[i] ?? -1)));
    const best = scorer.best(distinct, rule, depth, asked);
    groups.forEach((group, at) => {
      for (const index of group) visit(index, best, best.rowOf[at] ?? -1);
    });
  }

  /** Scores at most `together` queries; each result is valid until the next one is asked for. */
  private scoreBlock(queries: readonly Int32Array[], rule: QueryRule): (row: number) => ScoredQuery {
    const { scorer, slotOf, block } = this;
    if (scorer.shape === 'sparse' || block === undefined) {
      if (scorer.shape === 'sparse' && queries.length > 1) scorer.expect?.(queries);
      return (row) => this.scoreSparse(queries[row] ?? new Int32Array(0), rule);
    }
    const { items } = scorer;
    const answered = scorer.score(queries, rule, block.scores);
    return (row) => {
      if (answered[row] !== 1) return this.unknown;
      const candidates = {
        items,
        scores: block.row(row),
        count: items.length,
        slotOf,
        scan: block.scan(row),
      };
      return { candidates, background: undefined, known: true };
    };
  }

  private scoreSparse(query: Int32Array, rule: QueryRule): ScoredQuery {
    const { scorer } = this;
    const candidates = scorer.shape === 'sparse' ? scorer.candidates(query, rule) : undefined;
    if (scorer.shape !== 'sparse' || candidates === undefined) return this.unknown;
    return { candidates, background: scorer.background, known: true };
  }
}

const NOTHING = new Int32Array(0);

/** Items among which a list is: what the query holds may stand before all of it. */
function depthOf(asked: AskedList | undefined): number {
  if (asked === undefined || asked.allowed !== undefined) return Infinity;
  // One more tells whether the last is tied.
  return asked.k + 1 + (asked.seen === 'removed' ? asked.query.length : 0);
}

function nothingFound(): Recommendation {
  return { items: new Int32Array(0), scores: new Float64Array(0), answeredBy: 'nothing', popularFrom: 0 };
}

/** What a rule makes of a query: queries that it cannot tell apart must not differ in anything a model could look at. */
function seenByRule(query: Int32Array, rule: QueryRule): Int32Array {
  return rule === 'last-item' ? query.slice(-1) : query;
}

/** The number, where there is one only, else −1. */
function soleOf(numbers: readonly number[]): number {
  return numbers.length === 1 ? (numbers[0] ?? -1) : -1;
}

/** Indices of queries in groups that are the same to the rule. */
function sameToRule(queries: readonly Int32Array[], rule: QueryRule): number[][] {
  if (rule === 'none') return [Array.from(queries.keys())];
  if (rule !== 'last-item') return queries.map((_, index) => [index]);
  const groups = new Map<number, number[]>();
  queries.forEach((query, index) => {
    const last = query.at(-1) ?? -1;
    const group = groups.get(last);
    if (group === undefined) groups.set(last, [index]);
    else group.push(index);
  });
  return [...groups.values()];
}

function columnOf(items: Int32Array, itemCount: number): Int32Array {
  const column = new Int32Array(itemCount).fill(-1);
  items.forEach((item, at) => (column[item] = at));
  return column;
}
