import { number, text } from '../../../protocol/parameters.ts';
import type { ValuesOf } from '../../../protocol/parameters.ts';
import { tuneByParameter } from '../fitting/tuning-metric.ts';

/** Parameters of the blend; docs/models.md gives the formula. */
export const blendParameters = {
  members: text({
    default: 'recency-encoder,sequential-item-knn,session-knn,group-affinity',
    pattern: '^[a-z0-9._-]+(,[a-z0-9._-]+)*$',
    help: 'Models (or kinds) of the run that are blended, separated by commas; those that are not in the run are left out.',
  }),
  weights: text({
    default: 'tune',
    pattern: '^(tune|-?[0-9.]+(,-?[0-9.]+)*)$',
    help: 'Weight of each model blended, separated by commas (a kind with several models has one for each); tune: chosen on validation queries.',
  }),
  priorWeight: number({
    default: 0,
    min: -10,
    max: 10,
    help: 'Weight of the recency prior beside the members; chosen on validation where the weights are.',
  }),
  coldWeight: number({
    default: 0,
    min: -100,
    max: 100,
    help: 'Added to the scores of items without training rows; chosen on validation where the weights are.',
  }),
  tuneBy: tuneByParameter(),
} as const;

export type BlendParameters = ValuesOf<typeof blendParameters>;
