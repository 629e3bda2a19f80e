/** The ranges a person gives a search with `--search`. */
import * as z from 'zod/mini';
import {
  expectation,
  readParameters,
  type Parameter,
  type ParameterSet,
} from '../../../protocol/parameters.ts';
import { camelCase } from '../../../protocol/parameters.ts';
import { EXIT, UserError, messageOf } from '../../../protocol/user-error.ts';
import type { Choice, Distribution, Range, SearchSpace } from '../../kinds/fitting/search-space.ts';

const HINT =
  'Give a JSON object, as in --search \'{"window":[2,20],"alpha":{"low":0.01,"high":0.2,"log":true}}\'';

const Value = z.union([z.number(), z.boolean(), z.string()]);
const Bounds = z.object({ low: z.number(), high: z.number(), log: z.optional(z.boolean()) });
const Given = z.record(z.string(), z.union([z.array(Value).check(z.minLength(1)), Bounds]));

function refuse(message: string): never {
  throw new UserError(`--search: ${message}.`, HINT, { exitCode: EXIT.usage });
}

function parse(json: string): z.infer<typeof Given> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return refuse(`it is not JSON: ${messageOf(error)}`);
  }
  const read = Given.safeParse(value);
  return read.success ? read.data : refuse('each parameter needs a list of values, or {"low": …, "high": …}');
}

/** Whether the kind's own range of a parameter is logarithmic; wide positive ranges are where it has none. */
function isLogarithmic(own: Distribution | undefined, low: number, high: number): boolean {
  if (own !== undefined && own.type !== 'choice' && own.type !== 'cases') return own.log && low > 0;
  return low > 0 && high / low >= 100;
}

/** Two numbers of a numeric parameter are the ends of a range; anything else is a list of values. */
function distributionOf(
  entry: z.infer<typeof Given>[string],
  parameter: Parameter,
  own: Distribution | undefined,
): Choice | Range {
  if (parameter.type !== 'integer' && parameter.type !== 'number')
    return Array.isArray(entry) ? { type: 'choice', values: entry } : refuse('only numbers have a range');
  const ends = Array.isArray(entry) ? entry : [entry.low, entry.high];
  const [low, high] = ends;
  if (ends.length !== 2 || typeof low !== 'number' || typeof high !== 'number' || low >= high)
    return { type: 'choice', values: ends };
  const log = Array.isArray(entry) ? undefined : entry.log;
  if (log === true && low <= 0) refuse('a logarithmic range begins above 0');
  return { type: parameter.type, low, high, log: log ?? isLogarithmic(own, low, high) };
}

function requireInside(name: string, parameters: ParameterSet, distribution: Choice | Range): void {
  const values = 'values' in distribution ? distribution.values : [distribution.low, distribution.high];
  for (const value of values) {
    const read = readParameters(parameters, { [name]: value });
    const parameter = parameters[name];
    if ('problems' in read && parameter !== undefined)
      refuse(`${name} must be ${expectation(parameter)}, not ${JSON.stringify(value)}`);
  }
}

/**
 * A kind's search space with what a person gave in its place.
 * @throws UserError when it is not JSON, names no parameter of the kind or leaves its range
 */
export function withGivenSearch(space: SearchSpace, parameters: ParameterSet, json: string): SearchSpace {
  if (json.trim() === '') return space;
  const changed: Record<string, Distribution> = { ...space };
  for (const [written, entry] of Object.entries(parse(json))) {
    const name = camelCase(written);
    const parameter = parameters[name];
    if (parameter === undefined)
      return refuse(
        `'${written}' is no parameter of this kind; it has ${Object.keys(parameters).join(', ')}`,
      );
    const distribution = distributionOf(entry, parameter, space[name]);
    requireInside(name, parameters, distribution);
    changed[name] = distribution;
  }
  return changed;
}
