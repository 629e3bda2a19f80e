import type { PreparedData } from '../../../data/prepared-data.ts';
import type { StepContext } from '../../../flow/step-context.ts';
import { queryItems } from '../../../metrics/queries.ts';
import { heldOutQueries } from '../evaluate/held-out-queries.ts';

/** Held-out queries of a parity fixture, at most. */
const QUERIES = 24;

/**
 * Queries that a model's parity fixture holds: some of validation, evenly spread, and those that are easily got wrong: no item at all, one item twice, and an item without training rows.
 */
export function parityQueries(
  context: Pick<StepContext, 'manifest' | 'seed'>,
  data: PreparedData,
): Int32Array[] {
  const queries = heldOutQueries(context, data, 'validation');
  const all = queries.targets.length;
  const count = Math.min(QUERIES, all);
  const held = Array.from({ length: count }, (_, i) => queryItems(queries, Math.floor((i * all) / count)));
  const unknown = data.trainCounts.indexOf(0);
  const [first = 0] = held.find((query) => query.length > 0) ?? [];
  return [
    ...held,
    new Int32Array(0),
    Int32Array.of(first, first),
    ...(unknown < 0 ? [] : [Int32Array.of(unknown)]),
  ];
}
