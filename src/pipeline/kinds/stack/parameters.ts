import { integer, text, type ValuesOf } from '../../../protocol/parameters.ts';
import { tuneByParameter } from '../fitting/tuning-metric.ts';

/** Parameters of the stack; docs/models.md gives the formula. */
export const stackParameters = {
  members: text({
    default: 'recency-encoder,sequential-item-knn,session-knn,n-gram,group-affinity',
    pattern: '^[a-z0-9._-]+(,[a-z0-9._-]+)*$',
    help: 'Models (or kinds) of the run that are stacked, separated by commas; those that are not in the run are left out.',
  }),
  depth: integer({
    default: 0,
    min: 0,
    max: 10_000,
    help: 'Best items of each model that are weighed; 0: as many as the metric needs (100, or 200 where 100 items count).',
  }),
  queries: integer({
    default: 36_000,
    min: 1,
    max: 1_000_000,
    help: 'Validation queries whose target may be recommended that the weights are fitted on, at most: a seeded sample; fewer of long lists.',
  }),
  tuneBy: tuneByParameter(),
} as const;

export type StackParameters = ValuesOf<typeof stackParameters>;
