import { seedFor, shuffled } from '../../../seeded-random.ts';

/**
 * Queries on which query rules other than a model's own are measured, at most. Their figures stand beside the headline
 * as a comparison; intervals come from the number of sequences, which the sample hardly lowers.
 */
const MOST_QUERIES = 3000;

/** A seeded sample of the queries of a part, the same for all models, ascending; undefined: all of them. */
export function querySample(count: number, part: string, seed: number): Uint32Array | undefined {
  if (count <= MOST_QUERIES) return undefined;
  return shuffled(count, seedFor(seed, `query rules/${part}`))
    .slice(0, MOST_QUERIES)
    .sort();
}
