import type { TestQueries } from '../../flow/flow-views.ts';
import { seedFor, shuffled } from '../../seeded-random.ts';

/** Queries of a test part, and the order in which a person is shown them. */
export interface ShownQueries extends TestQueries {
  /** The same for all choices: who changes a filter finds the queries that were there before. */
  readonly order: Uint32Array;
}

export function shownQueries(queries: TestQueries): ShownQueries {
  return { ...queries, order: shuffled(queries.count, seedFor(0, 'shown queries')) };
}
