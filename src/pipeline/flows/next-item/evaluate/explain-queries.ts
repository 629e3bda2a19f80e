/** Why a model ranks some queries of the test part as it does, for people to look at. */
import type { ExplainedItem, ExplainedQuery, ExplainedRanking } from '../../../../protocol/explanation.ts';
import type { Explanation } from '../../../kinds/ranking/explanation.ts';
import type { Recommender } from '../../../kinds/ranking/recommender.ts';
import type { SeenItems } from '../../../kinds/ranking/ranker.ts';
import { queryItems, targetOf, type QuerySet } from '../../../metrics/queries.ts';
import { seedFor, shuffled } from '../../../seeded-random.ts';

/** Queries that are shown of each sort, hits in the first ten and misses; and those over which parts are averaged. */
const SHOWN = 10;
const AVERAGED = 200;
const LISTED = 10;
const NEWEST = 5;
/** Characters of a name. */
const LONGEST = 300;

export interface ExplainRequest {
  readonly recommender: Recommender;
  readonly queries: QuerySet;
  /** Headline rank of each query's target; 0: beyond 100. */
  readonly ranks: Int32Array;
  readonly seen: SeenItems;
  readonly seed: number;
  /** Called after each query. */
  readonly pause: (done: number, of: number) => Promise<void>;
}

/** A query with what was found of it, as item codes. */
interface Found {
  readonly query: Int32Array;
  readonly target: number;
  readonly rank: number;
  readonly list: Int32Array;
  /** Of the list, and of the target where it is not in it. */
  readonly explanation: Explanation;
}

export type Explained = Omit<ExplainedRanking, 'format' | 'model' | 'groupName'>;

/**
 * Explains a seeded sample: hits and misses, and the mean absolute part of each group over more queries.
 * @param namesOf the names of items, by code
 * @returns undefined where the model cannot explain, or answers none of the sample
 */
export async function explainQueries(
  request: ExplainRequest,
  namesOf: (codes: Iterable<number>) => Promise<ReadonlyMap<number, string>>,
): Promise<Explained | undefined> {
  const { ranks, seed, pause } = request;
  const order = shuffled(ranks.length, seedFor(seed, 'explained queries'));
  const hits = order.filter((q) => isHit(ranks[q] ?? 0)).subarray(0, SHOWN);
  const misses = order.filter((q) => !isHit(ranks[q] ?? 0)).subarray(0, SHOWN);
  const shown = [...hits, ...misses];
  const averaged = [...order.subarray(0, AVERAGED)];
  const total = shown.length + averaged.length;
  const found: Found[] = [];
  const parts = new MeanParts();
  for (const [at, q] of [...shown, ...averaged].entries()) {
    const one = explainOne(request, q);
    if (one !== undefined && at < shown.length) found.push(one);
    else if (one !== undefined) parts.add(one);
    await pause(at + 1, total);
  }
  const first = found[0]?.explanation.groups ?? [];
  if (first.length === 0) return undefined;
  const names = await namesOf(found.flatMap(codesOf));
  return {
    groups: [...first],
    queries: found.map((one) => described(one, names)),
    carried: parts.mean(first.length),
  };
}

const isHit = (rank: number): boolean => rank >= 1 && rank <= LISTED;

function explainOne({ recommender, queries, ranks, seen }: ExplainRequest, q: number): Found | undefined {
  const query = queryItems(queries, q);
  const { items, answeredBy } = recommender.recommend(query, { k: LISTED, seen });
  if (answeredBy !== 'model') return undefined;
  const target = targetOf(queries, q);
  const list = items.slice();
  const asked = list.includes(target) ? list : Int32Array.of(...list, target);
  const explanation = recommender.scorer.explain?.(query, asked);
  return explanation && { query, target, rank: ranks[q] ?? 0, list, explanation };
}

/** Mean absolute parts of listed items. */
class MeanParts {
  private readonly sums: number[] = [];
  private items = 0;
  private queries = 0;

  add({ list, explanation }: Found): void {
    this.queries++;
    for (const item of explanation.items.slice(0, list.length)) {
      if (item === undefined) continue;
      this.items++;
      item.parts.forEach((part, group) => (this.sums[group] = (this.sums[group] ?? 0) + Math.abs(part)));
    }
  }

  mean(groups: number): Explained['carried'] {
    const mean = (group: number): number => rounded((this.sums[group] ?? 0) / Math.max(1, this.items));
    return { queries: this.queries, parts: Array.from({ length: groups }, (_, group) => mean(group)) };
  }
}

/** The items whose names are told. */
function codesOf({ query, target, list }: Found): number[] {
  return [...query.subarray(-NEWEST), target, ...list];
}

function described(
  { query, target, rank, list, explanation }: Found,
  names: ReadonlyMap<number, string>,
): ExplainedQuery {
  const name = (code: number): string => (names.get(code) ?? `item ${code}`).slice(0, LONGEST);
  const item = (code: number, at: number): ExplainedItem => {
    const { parts = [], facts = [] } = explanation.items[at] ?? {};
    return { item: name(code), parts: Array.from(parts, rounded), facts: [...facts] };
  };
  const beyond = explanation.items[list.length] === undefined ? undefined : item(target, list.length);
  return {
    newest: Array.from(query.subarray(-NEWEST), name),
    length: query.length,
    target: name(target),
    rank,
    list: Array.from(list, item),
    ...(beyond === undefined ? {} : { targetExplained: beyond }),
  };
}

/** Four decimals, of logits, are more than anyone reads. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
