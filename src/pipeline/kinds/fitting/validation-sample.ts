import { clusteredRanks, type ClusteredRanks } from '../../metrics/clustered-ranks.ts';
import { buildQueries, queryItems, targetOf } from '../../metrics/queries.ts';
import { seedFor, shuffled } from '../../seeded-random.ts';
import type { ValidationProtocol } from './fit-context.ts';
import type { Recommender } from '../ranking/recommender.ts';
import { TargetRanking } from '../ranking/target-ranking.ts';

/** Validation queries on which a fit chooses; never test queries. */
export interface ValidationSample {
  /** Item codes, oldest first. */
  readonly queries: readonly Int32Array[];
  /** Item code of each query's target. */
  readonly targets: Int32Array;
  /** What was split that each query comes from: those of one user or sequence say less than as many of several. */
  readonly cluster: Uint32Array;
  /** Whether items of a query are taken out of its ranking, as the headline figures of these data do. */
  readonly seenRemoved: boolean;
}

/** A seeded sample of at most `most` validation queries. @param purpose keeps the samples of different uses apart */
export function validationSample(
  protocol: ValidationProtocol,
  purpose: string,
  most: number,
): ValidationSample {
  const { data, positions, seed, seen } = protocol;
  const set = buildQueries(data, 'validation', positions, protocol);
  const chosen = shuffled(set.targets.length, seedFor(seed, purpose)).subarray(0, most);
  return {
    queries: Array.from(chosen, (q) => queryItems(set, q)),
    targets: Int32Array.from(chosen, (q) => targetOf(set, q)),
    cluster: Uint32Array.from(chosen, (q) => set.cluster[q] ?? 0),
    seenRemoved: seen === 'removed',
  };
}

/** The first queries of a sample, as many as `work` allows. @param workOf a query, in the same unit */
export function affordableSample(
  { queries, targets, cluster, seenRemoved }: ValidationSample,
  work: number,
  workOf: (query: Int32Array) => number,
): ValidationSample {
  let [count, sum] = [0, 0];
  for (; count < queries.length && sum < work; count++) sum += workOf(queries[count] ?? new Int32Array(0));
  return {
    queries: queries.slice(0, count),
    targets: targets.subarray(0, count),
    cluster: cluster.subarray(0, count),
    seenRemoved,
  };
}

/** Ranks of a sample's targets, by what was split. */
export function ranksOfSample(
  { cluster }: Pick<ValidationSample, 'cluster'>,
  ranks: Int32Array,
): ClusteredRanks {
  const clusterCount = cluster.reduce((most, own) => Math.max(most, own + 1), 0);
  return clusteredRanks({ ranks }, { cluster, clusterCount });
}

/** Queries ranked between two pauses. */
export const CHUNK = 512;

/**
 * Rank of the target of each query of a sample, by the model's own rule; 0 is a miss.
 * @param reach ranks beyond it are misses: that of a metric is its cut
 * @param pause called between stretches of work, so that a fit can be cancelled
 */
export async function sampleRanks(
  recommender: Recommender,
  { queries, targets, seenRemoved }: ValidationSample,
  reach: number,
  pause: () => Promise<void>,
): Promise<Int32Array> {
  const ranks = new Int32Array(queries.length);
  const ranking = new TargetRanking(recommender, reach);
  for (let first = 0; first < queries.length; first += CHUNK) {
    const end = Math.min(queries.length, first + CHUNK);
    ranking.rankEach(
      queries.slice(first, end),
      targets.subarray(first, end),
      recommender.ownRule,
      (i, { kept, removed }) => {
        ranks[first + i] = seenRemoved ? removed : kept;
      },
    );
    await pause();
  }
  return ranks;
}
