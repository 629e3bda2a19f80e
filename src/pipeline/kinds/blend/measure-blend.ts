import { meanMetric } from '../../metrics/rank-metrics.ts';
import { tieOrder } from '../../seeded-random.ts';
import type { CandidateTable } from '../fitting/candidate-table.ts';
import type { Candidates, StaticRanking } from '../ranking/scorer.ts';
import { popularityRanking } from '../ranking/static-ranking.ts';
import { Ranker } from '../ranking/ranker.ts';
import { emptyCandidates } from '../ranking/candidate-set.ts';
import { BlendRows } from './blend-rows.ts';
import { BlendGathering } from './blend-gathering.ts';
import { columnsOf } from './columns-of.ts';
import { blendBias, type BlendSearch, type BlendWeights, type PlacedQuery } from './weighting.ts';

export interface MeasuredBlends {
  /** Exact value of each of the weights on the sample. */
  readonly values: readonly number[];
  /** Rank of each query's target under each of the weights; 0 is a miss. */
  readonly ranks: readonly Int32Array[];
  /** Where they were asked for: the candidates of the first weights, from which others can be chosen. */
  readonly table?: CandidateTable;
}

/**
 * Measures weights in one pass over the sample: the members score each query once, and every sum is made from these scores.
 */
export async function measureBlends(
  search: BlendSearch,
  weightings: readonly BlendWeights[],
  purpose: 'rank' | 'gather' = 'rank',
): Promise<MeasuredBlends> {
  const { scorers, items, sample, metric, trainCounts } = search;
  const columnOf = columnsOf(items, trainCounts.length);
  const ties = tieOrder(trainCounts.length, search.seed);
  const rows = new BlendRows(scorers, columnOf, items.length, scorers.length + 1);
  const ranking = new WeightingRanks(search, rows, columnOf, ties);
  const measured = weightings.map((weights) => ({
    weights: weights.members,
    bias: blendBias(search, weights),
    ranks: new Int32Array(sample.queries.length),
  }));
  const [first] = weightings;
  const gathering =
    purpose === 'gather' && first !== undefined
      ? new BlendGathering(search, first, rows, columnOf, ties)
      : undefined;
  for (let start = 0; start < sample.queries.length; start += rows.together) {
    const queries = sample.queries.slice(start, start + rows.together);
    rows.score(queries);
    queries.forEach((query, place) => {
      const asked = { query, place, target: sample.targets[start + place] ?? -1 };
      for (const weighting of measured) weighting.ranks[start + place] = ranking.rank(asked, weighting);
      gathering?.add(asked);
    });
    search.progress(start, sample.queries.length);
    await search.pause();
  }
  const ranks = measured.map((weighting) => weighting.ranks);
  const values = ranks.map((own) => meanMetric(metric, own));
  return { values, ranks, ...(gathering === undefined ? {} : { table: gathering.table }) };
}

/** Ranks targets as a `Recommender` with the blend's scorer does. */
class WeightingRanks {
  private readonly rows: BlendRows;
  private readonly candidates: Candidates;
  private readonly seenRemoved: boolean;
  private readonly ranker: Ranker;
  private readonly none: Candidates;
  private readonly popularity: StaticRanking;
  private readonly out = { kept: 0, removed: 0 };

  constructor(search: BlendSearch, rows: BlendRows, columnOf: Int32Array, ties: Uint32Array) {
    this.rows = rows;
    this.candidates = rows.candidates(0, search.items, columnOf);
    this.seenRemoved = search.sample.seenRemoved;
    this.ranker = new Ranker(columnOf.length, ties);
    this.none = emptyCandidates(columnOf.length);
    this.popularity = popularityRanking(search.trainCounts, ties);
  }

  rank(
    { query, place, target }: PlacedQuery,
    { weights, bias }: { readonly weights: readonly number[]; readonly bias: Float32Array },
  ): number {
    const { rows, ranker, out } = this;
    if (rows.answers(place, weights)) {
      rows.sum(0, place, weights, bias);
      ranker.rank(this.candidates, undefined, query, target, out);
    } else ranker.rank(this.none, this.popularity, query, target, out);
    return this.seenRemoved ? out.removed : out.kept;
  }
}
