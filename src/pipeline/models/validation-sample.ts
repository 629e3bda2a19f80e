import type { PreparedData } from '../data/prepared-data.ts';
import { buildQueries, queryItems, targetOf } from '../metrics/queries.ts';
import { seedFor, shuffled } from '../seeded-random.ts';

/** Validation queries on which a fit chooses; never test queries. */
export interface ValidationSample {
  /** Item codes, oldest first. */
  readonly queries: readonly Int32Array[];
  /** Item code of each query's target. */
  readonly targets: Int32Array;
  /** Whether items of a query are taken out of its ranking, as the headline figures of these data do. */
  readonly seenRemoved: boolean;
}

/** A seeded sample of at most `most` validation queries. @param purpose keeps the samples of different uses apart */
export function validationSample(
  data: PreparedData,
  positions: string,
  seed: number,
  purpose: string,
  most: number,
): ValidationSample {
  const set = buildQueries(data, 'validation', positions);
  const chosen = shuffled(set.targets.length, seedFor(seed, purpose)).subarray(0, most);
  return {
    queries: Array.from(chosen, (q) => queryItems(set, q)),
    targets: Int32Array.from(chosen, (q) => targetOf(set, q)),
    seenRemoved: data.layout.leaveOneOut,
  };
}
