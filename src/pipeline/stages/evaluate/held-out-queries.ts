/** The queries that the figures of a run are measured on: the same for all its models, and for its report. */
import { UserError } from '../../../protocol/user-error.ts';
import type { PreparedData } from '../../data/prepared-data.ts';
import type { StepContext } from '../../flow/step-context.ts';
import { buildQueries, queriesOfSequences, type QuerySet } from '../../metrics/queries.ts';
import { seedFor, shuffled } from '../../seeded-random.ts';

/** Names of the flow's parameters that `heldOutQueries` reads. */
export const QUERY_PARAMETERS = ['seed', 'positions', 'validationQueries'] as const;

/** Most validation queries that a run ranks: an interval of a hit rate is then ± .006 at the widest. */
export const MOST_VALIDATION_QUERIES = 30_000;

/**
 * Queries of a part: of the test part always all. Validation chooses, and in large data a seeded sample of its
 * sequences does so as well; with the parameter `validationQueries` 0 it is all of them too.
 * @throws UserError when there are none
 */
export function heldOutQueries(
  { manifest, seed }: Pick<StepContext, 'manifest' | 'seed'>,
  data: PreparedData,
  part: 'validation' | 'test',
): QuerySet {
  const { parameters } = manifest;
  const queries = buildQueries(data, part, String(parameters['positions'] ?? 'every:5'));
  if (queries.targets.length === 0)
    throw new UserError(
      `There are no ${part} sequences to evaluate on.`,
      'Give more data, or other shares of train, validation and test in recsys.json.',
    );
  const most = part === 'validation' ? Number(parameters['validationQueries'] ?? 0) : 0;
  return most === 0 ? queries : sampleOf(queries, most, seed);
}

/** Whole sequences in a seeded order, as long as their queries are `most` at most; one at least. */
function sampleOf(queries: QuerySet, most: number, seed: number): QuerySet {
  if (queries.targets.length <= most) return queries;
  const counts = new Uint32Array(queries.sequenceCount);
  for (const s of queries.sequence) counts[s] = (counts[s] ?? 0) + 1;
  const order = shuffled(counts.length, seedFor(seed, 'validation queries'));
  let [taken, asked] = [0, 0];
  for (const s of order) {
    asked += counts[s] ?? 0;
    if (taken > 0 && asked > most) break;
    taken++;
  }
  return queriesOfSequences(queries, order.subarray(0, taken).sort());
}

/** How large the whole validation part is, where only a sample of it was ranked. */
export function sampledFrom(
  context: Pick<StepContext, 'manifest'>,
  data: PreparedData,
  { validation }: { readonly validation: QuerySet },
): { queries: number; sequences: number } | undefined {
  const whole = buildQueries(
    data,
    'validation',
    String(context.manifest.parameters['positions'] ?? 'every:5'),
  );
  return whole.targets.length === validation.targets.length
    ? undefined
    : { queries: whole.targets.length, sequences: whole.sequenceCount };
}
