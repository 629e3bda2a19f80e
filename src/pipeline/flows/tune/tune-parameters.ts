import { choice, integer, number, text, type ParameterSet } from '../../../protocol/parameters.ts';
import type { ModelKind } from '../../kinds/model-kind.ts';
import { modelKinds } from '../../kinds/registry.ts';
import type { Search } from '../../kinds/fitting/search-space.ts';
import { ownParameters, parameterNames } from '../next-item/flow-parameters.ts';

export type TunableKind = ModelKind & { readonly search: Search };

function isTunable(kind: ModelKind): kind is TunableKind {
  return kind.search !== undefined;
}

/** Model kinds that say how they can be tuned. */
export const tunableKinds: readonly TunableKind[] = modelKinds.filter(isTunable);

/** Trials where neither their number nor a time is given. */
export const DEFAULT_TRIALS = 27;
/** The most trials where only a time is given: what does not fit into it is not started. */
export const TIMED_TRIALS = 81;

const { seed, deterministic, positions, queriesPerSequence, seen, validationQueries, selectBy } =
  ownParameters;
/** How a tuning splits and measures: as a run does, so that a run's own values can be taken over. */
export const sharedParameters = {
  seed,
  deterministic,
  positions,
  queriesPerSequence,
  seen,
  validationQueries,
  selectBy,
};

/** Parameters of the search itself. */
export const searchParameters = {
  model: text({
    default: '',
    help: `Model kind to tune: ${tunableKinds.map(({ name }) => name).join(', ')}.`,
  }),
  trials: integer({
    default: DEFAULT_TRIALS,
    min: 1,
    max: 999,
    help: `Settings to try, the start's included; with --minutes alone up to ${TIMED_TRIALS}.`,
  }),
  minutes: number({
    default: 0,
    min: 0,
    max: 100_000,
    help: 'No trial starts after so many minutes, of which each rung has an equal share; 0: no limit.',
  }),
  strategy: choice({
    default: 'halving',
    choices: ['halving', 'random'],
    help: 'halving tries all settings for a ninth of the training, the best third of them for a third, the best third of those whole; random trains all of them whole.',
  }),
  search: text({
    default: '',
    help: 'Ranges or lists of values that replace or add to those of the kind, as JSON: {"window":[2,20],"epochs":[10,20,40]}.',
  }),
} satisfies ParameterSet;

function parametersOfKinds(): ParameterSet {
  const entries = tunableKinds.flatMap((kind) =>
    parameterNames(kind).map(({ flow, own }) => [flow, kind.parameters[own]] as const),
  );
  return Object.fromEntries(
    entries.flatMap(([name, parameter]) => (parameter === undefined ? [] : [[name, parameter]])),
  );
}

/** Every parameter of the flow; those of the kind that are given stay as they are in every trial. */
export const tuneParameters: ParameterSet = {
  ...searchParameters,
  ...sharedParameters,
  ...parametersOfKinds(),
};
