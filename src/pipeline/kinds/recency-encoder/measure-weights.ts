import { meanMetric } from '../../metrics/rank-metrics.ts';
import type { CandidateTable } from '../fitting/candidate-table.ts';
import { Recommender, type ScoredQuery } from '../ranking/recommender.ts';
import { CHUNK } from '../fitting/validation-sample.ts';
import { CandidateGathering } from './candidate-gathering.ts';
import { encoderScorer, newestPlaces } from './scorer.ts';
import { biasOf, type EncoderWeightValues } from './weight-parts.ts';
import type { AskedQuery, WeightMeasuring } from './weight-measuring.ts';

export interface MeasuredWeights {
  readonly chosen: EncoderWeightValues;
  /** Exact rank of each query's target with these weights, 0 for a miss. */
  readonly ranks: Int32Array;
  readonly value: number;
  /** The candidates other weights can be chosen from, where they were gathered. */
  readonly table?: CandidateTable;
}

const NO_REPEATS = { newest: 0, second: 0, older: 0 };

/**
 * Exact ranks with given weights, and the candidates from which to choose others: one pass over the queries does both,
 * since the scoring is what takes the time.
 */
export async function measureWeights(
  measuring: WeightMeasuring,
  chosen: EncoderWeightValues,
  purpose: 'rank' | 'gather' = 'rank',
): Promise<MeasuredWeights> {
  const { model, signals, temperature, deterministic, trainCounts, sample, metric, seed } = measuring;
  const bias = biasOf(model, signals, chosen);
  const scoring = { temperature, bias, repeats: NO_REPEATS };
  const scorer = encoderScorer(model, scoring, trainCounts.length, deterministic);
  const recommender = new Recommender({ scorer, trainCounts, seed });
  const gathering =
    purpose === 'gather' ? new CandidateGathering(measuring, bias, recommender.ties) : undefined;
  const ranks = new Int32Array(sample.queries.length);
  for (let first = 0; first < ranks.length; first += CHUNK) {
    const chunk = sample.queries.slice(first, first + CHUNK);
    recommender.scoreEach(chunk, recommender.ownRule, (i, scored) => {
      const asked = { query: chunk[i] ?? new Int32Array(0), target: sample.targets[first + i] ?? -1 };
      gathering?.add(asked, scored);
      ranks[first + i] = rankOf(measuring, chosen, recommender, asked, scored);
    });
    await measuring.pause();
  }
  const found = { chosen, ranks, value: meanMetric(metric, ranks) };
  return gathering === undefined ? found : { ...found, table: gathering.table };
}

/** Rank of the target once the query's own items have their bonus, which the gathered scores must not have. */
function rankOf(
  { sample }: WeightMeasuring,
  weights: EncoderWeightValues,
  { ranker }: Recommender,
  { query, target }: AskedQuery,
  { candidates, background, known }: ScoredQuery,
): number {
  const { repeatNewest, repeatSecond, repeatOlder } = weights;
  const { scores, slotOf } = candidates;
  const rank = { kept: 0, removed: 0 };
  const before: [row: number, score: number][] = [];
  if (known) {
    for (const [row, lag] of newestPlaces(query, slotOf)) {
      const score = scores[row] ?? 0;
      before.push([row, score]);
      scores[row] = score + (lag === 0 ? repeatNewest : lag === 1 ? repeatSecond : repeatOlder);
    }
  }
  ranker.rank(candidates, background, query, target, rank);
  for (const [row, score] of before) scores[row] = score;
  return sample.seenRemoved ? rank.removed : rank.kept;
}
