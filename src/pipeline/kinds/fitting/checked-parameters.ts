import {
  readParameters,
  type ParameterSet,
  type ParameterValue,
  type ValuesOf,
} from '../../../protocol/parameters.ts';
import { EXIT, UserError } from '../../../protocol/user-error.ts';

/**
 * The complete parameters of a model.
 * @throws UserError that names every wrong one
 */
export function checkedParameters<S extends ParameterSet>(
  model: string,
  set: S,
  given: Readonly<Record<string, ParameterValue>>,
): ValuesOf<S> {
  const read = readParameters(set, given);
  if ('values' in read) return read.values;
  const problems = read.problems.map(({ name, message }) => `${name} ${message}`).join('; ');
  throw new UserError(`Parameters of ${model}: ${problems}.`, 'Correct them and start again.', {
    exitCode: EXIT.usage,
  });
}
