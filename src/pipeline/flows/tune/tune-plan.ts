/** Turns what a person gave into the trials of a tuning, all of them known before the first starts. */
import { kebabCase, readParameters, type ParameterValue } from '../../../protocol/parameters.ts';
import type { ModelSpec } from '../../../protocol/run.ts';
import { EXIT, UserError } from '../../../protocol/user-error.ts';
import type { PlannedRun } from '../../flow/flow-definition.ts';
import { findKind } from '../../kinds/registry.ts';
import { drawParameters, type SearchSpace } from '../../kinds/fitting/search-space.ts';
import { parameterNames } from '../next-item/flow-parameters.ts';
import { withGivenSearch } from './given-search.ts';
import {
  DEFAULT_TRIALS,
  searchParameters,
  sharedParameters,
  TIMED_TRIALS,
  tunableKinds,
  tuneParameters,
  type TunableKind,
} from './tune-parameters.ts';

type Values = Readonly<Record<string, ParameterValue>>;
type Given = Readonly<Record<string, unknown>>;

function usage(message: string, hint: string): UserError {
  return new UserError(message, hint, { exitCode: EXIT.usage });
}

/** @throws UserError when there is no such kind, or it has no search space */
export function requireTunable(name: string): TunableKind {
  const kind = tunableKinds.find((candidate) => candidate.name === name);
  if (kind !== undefined) return kind;
  const hint = `Choose one of ${tunableKinds.map((candidate) => candidate.name).join(', ')} with --model.`;
  if (name === '') throw usage('No model kind to tune was named.', hint);
  const known = findKind(name) !== undefined;
  throw usage(
    known ? `Model kind '${name}' has nothing to tune.` : `There is no model kind '${name}'.`,
    hint,
  );
}

/** The names a trial goes by; three digits, so that more trials leave the names of the first as they are. */
export function trialName(index: number): string {
  return `trial-${String(index + 1).padStart(3, '0')}`;
}

function requireOwn(kind: TunableKind, given: Given): void {
  const names = new Set([
    ...Object.keys(searchParameters),
    ...Object.keys(sharedParameters),
    ...parameterNames(kind).map(({ flow }) => flow),
  ]);
  const foreign = Object.keys(given).filter((name) => !names.has(name));
  if (foreign.length === 0) return;
  const options = foreign.map((name) => `--${kebabCase(name)}`).join(', ');
  throw usage(
    `${options}: not a parameter of ${kind.name}.`,
    `Its parameters: ${parameterNames(kind)
      .map(({ flow }) => `--${kebabCase(flow)}`)
      .join(', ')}.`,
  );
}

function checked(given: Given): Values {
  const read = readParameters(tuneParameters, given);
  if ('values' in read) return read.values;
  const problems = read.problems.map(({ name, message }) => `${name} ${message}`).join('; ');
  throw usage(`Parameters: ${problems}.`, 'See the parameters and their ranges: recsys tune --help=all');
}

/** What is searched: the kind's space, with the ranges that were given, without what was given a value. */
export function searchedSpace(kind: TunableKind, search: string, fixed: Given): SearchSpace {
  const space = withGivenSearch(kind.search.space, kind.parameters, search);
  const open = Object.entries(space).filter(([name]) => !(name in fixed));
  if (open.length > 0) return Object.fromEntries(open);
  throw usage('Every parameter was given a value, so there is nothing to search.', 'Leave some of them out.');
}

/** Values of the kind's parameters that were given, by the kind's own names. */
export function fixedOf(kind: TunableKind, values: Given, given: readonly string[]): Values {
  return Object.fromEntries(
    parameterNames(kind).flatMap(({ flow, own }) => {
      const value = values[flow];
      return given.includes(flow) && value !== undefined ? [[own, value as ParameterValue]] : [];
    }),
  );
}

interface Drawing {
  readonly kind: TunableKind;
  readonly space: SearchSpace;
  readonly fixed: Values;
  readonly seed: number;
}

/** The first trial is what a run without tuning would train, the kind's own tuning included; in the others that is off. */
function trialOf({ kind, space, fixed, seed }: Drawing, index: number): ModelSpec {
  const drawn =
    index === 0 ? {} : { ...kind.search.trial, ...drawParameters(space, fixed, { seed, trial: index + 1 }) };
  const own = { ...drawn, ...fixed };
  const read = readParameters(kind.parameters, own);
  if ('problems' in read)
    throw new Error(`${kind.name} draws a wrong value: ${JSON.stringify(read.problems)}`);
  return {
    name: trialName(index),
    kind: kind.name,
    parameters: { ...read.values },
    given: Object.keys(index === 0 ? fixed : own),
  };
}

function trialsOf(values: Values, given: Given): number {
  if (!('trials' in given) && Number(values['minutes']) > 0) return TIMED_TRIALS;
  return Number(values['trials'] ?? DEFAULT_TRIALS);
}

/**
 * @param given only what the person gave, by the flow's parameter names
 * @throws UserError naming every bad value
 */
export function planTuneRun(given: Given, data: { readonly hasGroups: boolean }): PlannedRun {
  const all = checked(given);
  const kind = requireTunable(String(all['model']));
  requireOwn(kind, given);
  if (!kind.fits(data))
    throw usage(
      `${kind.title} needs a group column (such as the artist or the category).`,
      'Name one with --group.',
    );
  const fixed = fixedOf(kind, all, Object.keys(given));
  const space = searchedSpace(kind, String(all['search']), fixed);
  const own = new Set(parameterNames(kind).map(({ flow }) => flow));
  const trials = trialsOf(all, given);
  const parameters = Object.fromEntries(
    Object.entries(all).filter(
      ([name]) => name in searchParameters || name in sharedParameters || (own.has(name) && name in given),
    ),
  );
  const drawing = { kind, space, fixed, seed: Number(all['seed']) };
  return {
    parameters: { ...parameters, trials },
    models: Array.from({ length: trials }, (_, index) => trialOf(drawing, index)),
  };
}
