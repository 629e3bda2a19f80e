import { type Command, InvalidArgumentError, Option } from 'commander';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { kebabCase, type Parameter, type ParameterSet } from '../../protocol/parameters.ts';
import { startableFlows } from '../flows/registry.ts';
import { underTopic } from './help-topics.ts';

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

/** The default; a list of names gets blanks between them, so that lines can be broken there. */
function defaultText(parameter: Parameter): string {
  const text = String(parameter.default);
  return /^[\w,-]+$/.test(text) ? text.replaceAll(',', ', ') : text;
}

function describeRange(parameter: Parameter): string {
  const shown = parameter.type === 'text' && parameter.default === '' ? 'none' : defaultText(parameter);
  return `${parameter.help} (${rangeOf(parameter)}default ${shown})`;
}

/** Greater bounds only keep numbers exact, and say nothing. */
const SAID_BOUND = 100_000;

function rangeOf(parameter: Parameter): string {
  if (parameter.type === 'choice') return `${parameter.choices.join(', ')}; `;
  const bounded = parameter.type === 'integer' || parameter.type === 'number';
  return bounded && parameter.max < SAID_BOUND ? `${parameter.min} to ${parameter.max}; ` : '';
}

const VALUES: Readonly<Record<Parameter['type'], string>> = {
  integer: '<n>',
  number: '<x>',
  boolean: '[=false]',
  choice: '<value>',
  text: '<value>',
};

/** One option a parameter, under the topics of the flow; only given ones get a value. */
export function addParameterOptions(command: Command, flow: FlowDefinition): Command {
  const flows = startableFlows();
  // It is read before the command line is parsed (`asked-flow.ts`), as the other options depend on it.
  const ofFlow = new Option(
    '--flow <name>',
    `what is predicted: ${flows.map(({ name }) => name).join(', ')}`,
  );
  command.addOption(ofFlow.hideHelp(flows.length < 2));
  for (const [name, parameter] of Object.entries(flow.parameters)) {
    const option = new Option(
      `--${kebabCase(name)} ${VALUES[parameter.type]}`,
      describeRange(parameter),
    ).argParser(parserOf(parameter));
    const group = flow.groups.find(({ parameters }) => parameters.includes(name));
    command.addOption(group === undefined ? option.helpGroup('Parameters:') : underTopic(option, group));
  }
  // Intervals need no samples any more; commands that earlier versions wrote still work.
  return command.addOption(new Option('--bootstrap-samples <n>').hideHelp());
}

/** Names of the options of flows that are on or off, as they are typed. */
export function switchesOf(flows: readonly FlowDefinition[]): Set<string> {
  return new Set(
    flows.flatMap(({ parameters }) =>
      Object.entries(parameters).flatMap(([name, { type }]) => (type === 'boolean' ? [kebabCase(name)] : [])),
    ),
  );
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
