/** The queries that the figures of a run are measured on: the same for all its models, and for its report. */
import { UserError } from '../../../protocol/user-error.ts';
import type { EvaluationReport } from '../../../protocol/report.ts';
import type { PreparedData } from '../../data/prepared-data.ts';
import type { StepContext } from '../../flow/step-context.ts';
import { buildQueries, someQueries, type QuerySet } from '../../metrics/queries.ts';
import { seedFor, shuffled } from '../../seeded-random.ts';

/** Names of the flow's parameters that say what is asked. */
export const QUERY_PARAMETERS = ['seed', 'positions', 'validationQueries'] as const;

/** Validation queries that a run ranks, at most: were they independent, an interval of a hit rate would be ± .006 at the widest. */
export const MOST_VALIDATION_QUERIES = 30_000;

type Part = 'validation' | 'test';
type Asked = Pick<StepContext, 'manifest' | 'seed'>;

export interface HeldOutQueries extends QuerySet {
  /** Queries of the whole part, where these are a sample of them. */
  readonly sampledFrom?: number;
}

function positionsOf({ manifest }: Pick<StepContext, 'manifest'>): string {
  return String(manifest.parameters['positions'] ?? 'every:5');
}

/** How headline figures treat items of the query: kept, or by leave-one-out removed, as the published tables do. */
export function headlineSeen(data: PreparedData): 'kept' | 'removed' {
  return data.layout.leaveOneOut ? 'removed' : 'kept';
}

/**
 * Queries of a part: of the test part always all. Validation chooses, and in large data a seeded sample of its queries
 * does so as well; with the parameter `validationQueries` 0 it is all of them too.
 * @throws UserError when there are none
 */
export function heldOutQueries(asked: Asked, data: PreparedData, part: Part): HeldOutQueries {
  const queries = buildQueries(data, part, positionsOf(asked));
  const count = queries.targets.length;
  if (count === 0)
    throw new UserError(
      `There are no ${part} sequences to evaluate on.`,
      'Give more data, or other shares of train, validation and test in recsys.json.',
    );
  const most = part === 'validation' ? Number(asked.manifest.parameters['validationQueries'] ?? 0) : 0;
  if (most === 0 || count <= most) return queries;
  // Drawn one by one, not by sequences: the more sequences they come from, the more they say.
  const chosen = shuffled(count, seedFor(asked.seed, 'validation queries')).slice(0, most).sort();
  return { ...someQueries(queries, chosen), sampledFrom: count };
}

/** What a report says of how its figures were measured. */
export function protocolOf(
  asked: Asked,
  data: PreparedData,
  { validation, test }: Readonly<Record<Part, HeldOutQueries>>,
): EvaluationReport['protocol'] {
  const { sampledFrom } = validation;
  return {
    positions: data.layout.leaveOneOut ? 'leave-one-out' : positionsOf(asked),
    seen: headlineSeen(data),
    queries: { validation: validation.targets.length, test: test.targets.length },
    sequences: { validation: validation.sequenceCount, test: test.sequenceCount },
    clusters: {
      unit: data.sequenceClusters === undefined ? 'sequences' : 'users',
      validation: validation.clusterCount,
      test: test.clusterCount,
    },
    ...(sampledFrom === undefined ? {} : { sampledFrom: { validation: sampledFrom } }),
    bootstrapSamples: Number(asked.manifest.parameters['bootstrapSamples'] ?? 1000),
    seed: asked.seed,
  };
}
