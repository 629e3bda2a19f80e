/** Turns the values a person gave into a run's parameters and the branches of its foreach over models. */
import * as z from 'zod/mini';
import {
  camelCase,
  kebabCase,
  readParameters,
  type ParameterSet,
  type ParameterValue,
} from '../../../protocol/parameters.ts';
import { ModelSpec } from '../../../protocol/run.ts';
import { EXIT, UserError, messageOf } from '../../../protocol/user-error.ts';
import type { PlannedRun } from '../../flow/flow-definition.ts';
import type { ModelKind } from '../../kinds/model-kind.ts';
import { findKind, modelKinds } from '../../kinds/registry.ts';
import { flowParameters, ownParameters, parameterNames } from './flow-parameters.ts';

type Values = Readonly<Record<string, ParameterValue>>;

function checked(set: ParameterSet, given: Readonly<Record<string, unknown>>, where: string): Values {
  const read = readParameters(set, given);
  if ('values' in read) return read.values;
  const problems = read.problems.map(({ name, message }) => `${name} ${message}`).join('; ');
  throw new UserError(
    `${where}: ${problems}.`,
    'See the parameters and their ranges: recsys run --help=all',
    {
      exitCode: EXIT.usage,
    },
  );
}

const Sets = z.array(z.record(z.string(), z.union([z.number(), z.boolean(), z.string()])));

function parseSets(json: string): z.infer<typeof Sets> {
  const hint = 'Give a JSON list of objects, as in --sets \'[{"min_count":3},{"min_count":10}]\'';
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new UserError(`--sets is not JSON: ${messageOf(error)}.`, hint, { exitCode: EXIT.usage });
  }
  const read = Sets.safeParse(value);
  if (!read.success || read.data.length === 0)
    throw new UserError(
      '--sets must be a list of at least one object of numbers, truth values and texts.',
      hint,
      { exitCode: EXIT.usage },
    );
  return read.data.map((set) =>
    Object.fromEntries(Object.entries(set).map(([name, entry]) => fromGensim(camelCase(name), entry))),
  );
}

/** gensim writes the architecture as `sg`, and truth values as 0 and 1. */
function fromGensim(name: string, value: ParameterValue): [string, ParameterValue] {
  if (name === 'sg' && (value === 0 || value === 1))
    return ['architecture', value === 1 ? 'skip-gram' : 'cbow'];
  if (flowParameters[name]?.type === 'boolean' && (value === 0 || value === 1)) return [name, value === 1];
  return [name, value];
}

/** Names of devices there, and names that end with a dot. */
const REFUSED_BY_WINDOWS = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)|\.$/;

/** What explanations call parts of a score that are no model's. */
const TAKEN: readonly string[] = ['item', 'group'];

/** A name is a folder's name too. */
function checkedName(name: string): string {
  if (ModelSpec.shape.name.safeParse(name).success && !REFUSED_BY_WINDOWS.test(name) && !TAKEN.includes(name))
    return name;
  throw new UserError(
    `The hyper-parameter set's name '${name}' cannot be a model's name.`,
    'Use up to 80 small letters, digits, dots, dashes and underscores, beginning with a letter or digit; not ‘item’ or ‘group’.',
    { exitCode: EXIT.usage },
  );
}

function branchName(kind: string, set: Values): string {
  const { name, ...rest } = set;
  if (typeof name === 'string') return checkedName(name);
  const parts = Object.entries(rest).map(([key, value]) => `${kebabCase(key)}-${String(value)}`);
  return [kind, ...parts]
    .join('-')
    .replace(/[^A-Za-z0-9._-]/g, '-')
    .toLowerCase()
    .slice(0, 80);
}

/** The kind's parameters among the flow's values, under the kind's own names. */
function ownValues(kind: ModelKind, values: Values): Record<string, ParameterValue> {
  return Object.fromEntries(
    parameterNames(kind).flatMap(({ flow, own }) => {
      const value = values[flow];
      return value === undefined ? [] : [[own, value]];
    }),
  );
}

function givenNames(kind: ModelKind, given: Readonly<Record<string, unknown>>): string[] {
  return parameterNames(kind).flatMap(({ flow, own }) => (flow in given ? [own] : []));
}

/** @param stacked whether some model of the run is made of others */
function branchesOf(
  kind: ModelKind,
  values: Values,
  given: Readonly<Record<string, unknown>>,
  sets: string,
  stacked: boolean,
): ModelSpec[] {
  const base = ownValues(kind, values);
  const own = givenNames(kind, given);
  if (kind.name !== 'prod2vec') {
    const variants = stacked && own.length === 0 ? (kind.variants ?? []) : [];
    return [{ name: kind.name, parameters: {} }, ...variants].map(({ name, parameters }) => ({
      ...{ name, kind: kind.name, parameters: { ...base, ...parameters } },
      given: [...own, ...Object.keys(parameters)],
    }));
  }
  return parseSets(sets).map((set) => {
    const { name: _, ...rest } = set;
    const parameters = checked(
      kind.parameters,
      { ...base, ...rest },
      `hyper-parameter set ${JSON.stringify(set)}`,
    );
    return {
      name: branchName(kind.name, set),
      kind: kind.name,
      parameters,
      given: [...own, ...Object.keys(rest)],
    };
  });
}

/** Models that are made of others, with those the run has; they come after all others. */
function compositesOf(
  kinds: readonly ModelKind[],
  values: Values,
  given: Readonly<Record<string, unknown>>,
  models: readonly ModelSpec[],
): ModelSpec[] {
  return kinds.map((kind) => {
    const parameters = ownValues(kind, values);
    const wanted = String(parameters['members']).split(',');
    const byPerson = givenNames(kind, given).includes('members');
    const named = wanted.flatMap((name) => {
      // A person who names a model means it, not its kind.
      if (byPerson && models.some((model) => model.name === name)) return [name];
      return models
        .filter((model) => model.name === name || model.kind === findKind(name)?.name)
        .map((model) => model.name);
    });
    const members = [...new Set(named)];
    if (members.length < 2)
      throw new UserError(
        `${kind.title} needs at least two models, and of ${wanted.join(', ')} this run has ${members.length === 0 ? 'none' : members.join(', ')}.`,
        `Add models with --models, name others with --${kind.name}-members, or leave ${kind.name} out.`,
        { exitCode: EXIT.usage },
      );
    kind.checkMembers?.(parameters, members);
    return { name: kind.name, kind: kind.name, parameters, given: givenNames(kind, given), members };
  });
}

function selectKinds(list: string): ModelKind[] {
  return list.split(',').map((name) => {
    const kind = findKind(name.trim());
    if (kind === undefined)
      throw new UserError(
        `'${name.trim()}' is not a model kind.`,
        `Known: ${modelKinds.map((known) => known.name).join(', ')}.`,
        { exitCode: EXIT.usage },
      );
    return kind;
  });
}

/** A parameter that was given by itself replaces the default sets, where those vary it. */
function setsFor(values: Values, given: Readonly<Record<string, unknown>>): string {
  const sets = String(values['sets']);
  if ('sets' in given) return sets;
  const varied = parseSets(ownParameters.sets.default).flatMap((set) => Object.keys(set));
  return varied.some((name) => name in given) ? '[{}]' : sets;
}

function requireDistinct(models: readonly ModelSpec[]): void {
  const names = models.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new UserError(
      `Two models would be called '${twice}'.`,
      'Give the sets different values, or a "name" each.',
      { exitCode: EXIT.usage },
    );
}

/**
 * @param given only what the person gave, by the flow's parameter names
 * @throws UserError naming every bad value
 */
export function planNextItemRun(
  given: Readonly<Record<string, unknown>>,
  data: { readonly hasGroups: boolean },
): PlannedRun {
  const values = checked(flowParameters, given, 'Parameters');
  const sets = setsFor(values, given);
  const kinds = selectKinds(String(values['models'])).filter((kind) => kind.fits(data));
  const composite = kinds.filter((kind) => kind.composite === true);
  const simple = kinds
    .filter((kind) => kind.composite !== true)
    .flatMap((kind) => branchesOf(kind, values, given, sets, composite.length > 0));
  const models = [...simple, ...compositesOf(composite, values, given, simple)];
  if (models.length === 0)
    throw new UserError('None of the chosen models fits these data.', 'Choose others with --models.', {
      exitCode: EXIT.usage,
    });
  requireDistinct(models);
  return { parameters: { ...values, sets }, models };
}
