import { type Command, InvalidArgumentError, Option } from 'commander';
import { kebabCase, type Parameter, type ParameterSet } from '../../protocol/parameters.ts';

function parserOf(parameter: Parameter): (text: string) => number | boolean | string {
  return (text) => {
    switch (parameter.type) {
      case 'integer':
      case 'number': {
        const value = Number(text);
        if (text.trim() === '' || !Number.isFinite(value))
          throw new InvalidArgumentError('It must be a number.');
        return value;
      }
      case 'boolean':
        if (!['true', 'false', '1', '0'].includes(text))
          throw new InvalidArgumentError('It must be true or false.');
        return text === 'true' || text === '1';
      case 'choice':
      case 'text':
        return text;
    }
  };
}

function describeRange(parameter: Parameter): string {
  const shown =
    parameter.type === 'text' || parameter.type === 'choice' ? parameter.default : String(parameter.default);
  const range = parameter.type === 'choice' ? `${parameter.choices.join(', ')}; ` : '';
  return `${parameter.help} (${range}default ${shown})`;
}

/** One option a parameter, in a group of the help of their own; only given ones get a value. */
export function addParameterOptions(command: Command, parameters: ParameterSet): Command {
  for (const [name, parameter] of Object.entries(parameters)) {
    const value =
      parameter.type === 'boolean'
        ? '[true|false]'
        : `<${parameter.type === 'integer' ? 'n' : parameter.type === 'number' ? 'x' : 'value'}>`;
    const option = new Option(`--${kebabCase(name)} ${value}`, describeRange(parameter))
      .argParser(parserOf(parameter))
      .helpGroup('Parameters:');
    if (parameter.type === 'boolean') option.preset('true');
    command.addOption(option);
  }
  return command;
}

/** The parameters among a command's options that were given. */
export function givenParameters(
  options: Readonly<Record<string, unknown>>,
  parameters: ParameterSet,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(parameters).flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
}
