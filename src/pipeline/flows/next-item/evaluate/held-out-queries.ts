/** The queries that the figures of a run are measured on: the same for all its models, and for its report. */
import { UserError } from '../../../../protocol/user-error.ts';
import type { EvaluationReport, Unreachable } from '../../../../protocol/report.ts';
import { catalogueSize, unknownItems, type PreparedData } from '../../../data/prepared-data.ts';
import type { StepContext } from '../../../flow/step-context.ts';
import { buildQueries, queryItems, someQueries, targetOf, type QuerySet } from '../../../metrics/queries.ts';
import { seedFor, shuffled } from '../../../seeded-random.ts';
import { askedOf, ASKED_PARAMETERS } from '../asked.ts';

/** Names of the flow's parameters that say what is asked. */
export const QUERY_PARAMETERS = ['seed', ...ASKED_PARAMETERS, 'validationQueries'] as const;

/** Validation queries that a run ranks, at most: were they independent, an interval of a hit rate would be ± .006 at the widest. */
export const MOST_VALIDATION_QUERIES = 10_000;

type Part = 'validation' | 'test';
type Asking = Pick<StepContext, 'manifest' | 'seed'>;

export interface HeldOutQueries extends QuerySet {
  /** Queries of the whole part, where these are a sample of them. */
  readonly sampledFrom?: number;
}

/**
 * Queries of a part: of the test part always all. Validation chooses, and in large data a seeded sample of its queries
 * does so as well; with the parameter `validationQueries` 0 it is all of them too.
 * @throws UserError when there are none
 */
export function heldOutQueries(asking: Asking, data: PreparedData, part: Part): HeldOutQueries {
  const { positions, queriesPerSequence } = askedOf(asking, data);
  const queries = buildQueries(data, part, positions, { queriesPerSequence, seed: asking.seed });
  const count = queries.targets.length;
  if (count === 0)
    throw new UserError(
      `There are no ${part} sequences to evaluate on.`,
      'Give more data, or other shares of train, validation and test in recsys.json.',
    );
  const most = part === 'validation' ? Number(asking.manifest.parameters['validationQueries'] ?? 0) : 0;
  if (most === 0 || count <= most) return queries;
  // Drawn one by one, not by sequences: the more sequences they come from, the more they say.
  const chosen = shuffled(count, seedFor(asking.seed, 'validation queries')).slice(0, most).sort();
  return { ...someQueries(queries, chosen), sampledFrom: count };
}

/** Counts the targets that no model can hit. */
export function unreachableTargets(
  queries: QuerySet,
  { catalogue }: PreparedData,
  seen: 'kept' | 'removed',
): Unreachable {
  let [unknownTargets, repeatedTargets] = [0, 0];
  for (let q = 0; q < queries.targets.length; q++) {
    const target = targetOf(queries, q);
    if (catalogue[target] !== 1) unknownTargets++;
    else if (seen === 'removed' && queryItems(queries, q).includes(target)) repeatedTargets++;
  }
  return { unknownTargets, repeatedTargets };
}

interface Measuring {
  readonly data: PreparedData;
  /** The data as the models that are tested were trained on them. */
  readonly tested: PreparedData;
  readonly queries: Readonly<Record<Part, HeldOutQueries>>;
}

function catalogueOfPart(data: PreparedData): NonNullable<EvaluationReport['protocol']['catalogue']> {
  const added = data.catalogue.reduce(
    (sum, known, item) => sum + (data.trainCounts[item] === 0 ? known : 0),
    0,
  );
  return { items: catalogueSize(data), added, unknown: unknownItems(data) };
}

/** What a report says of how its figures were measured. */
export function protocolOf(
  asking: Asking,
  { data, tested, queries }: Measuring,
): EvaluationReport['protocol'] {
  const { validation, test } = queries;
  const { sampledFrom } = validation;
  const { positions, queriesPerSequence, seen } = askedOf(asking, data);
  return {
    positions: data.layout.leaveOneOut ? 'leave-one-out' : positions,
    seen,
    catalogue: catalogueOfPart(data),
    ...(tested === data ? {} : { refit: { catalogue: catalogueOfPart(tested) } }),
    unreachable: {
      validation: unreachableTargets(validation, data, seen),
      test: unreachableTargets(test, tested, seen),
    },
    ...(queriesPerSequence === 0
      ? {}
      : {
          queriesPerSequence: {
            most: queriesPerSequence,
            cut: { validation: validation.cutSequences, test: test.cutSequences },
          },
        }),
    queries: { validation: validation.targets.length, test: test.targets.length },
    sequences: { validation: validation.sequenceCount, test: test.sequenceCount },
    clusters: {
      unit: data.sequenceClusters === undefined ? 'sequences' : 'users',
      validation: validation.clusterCount,
      test: test.clusterCount,
    },
    ...(sampledFrom === undefined ? {} : { sampledFrom: { validation: sampledFrom } }),
    seed: asking.seed,
  };
}
