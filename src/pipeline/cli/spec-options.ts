import { type Command, InvalidArgumentError, Option } from 'commander';
import { kebabCase } from '../../protocol/parameters.ts';
import { SPEC_FIELDS, type SpecChanges, type SpecField } from '../../protocol/spec-fields.ts';
import { EXIT, UserError } from '../../protocol/user-error.ts';
import { underTopic } from './help-topics.ts';

const DATA = { name: 'data', title: 'Dataset spec (goes before recsys.json and the guess)' };
/** What is named most often: the columns of the roles, and the split. */
const MAIN: ReadonlySet<string> = new Set(['sequence', 'item', 'order', 'user', 'time', 'split']);

export function addSpecOptions(command: Command): Command {
  for (const option of SPEC_FIELDS.flatMap(optionsOf))
    command.addOption(underTopic(option, DATA, { main: MAIN.has(option.attributeName()) }));
  return command;
}

/** How files are read: for what looks at them only. */
export function addReadingOptions(command: Command): Command {
  const fields = SPEC_FIELDS.filter(
    (field) => field.of === 'format' || (field.of === 'reading' && field.detail === true),
  );
  for (const option of fields.flatMap(optionsOf)) command.addOption(option);
  return command;
}

const INPUT = { name: 'input', title: 'How the input is read' };
/** What of a spec is asked of rows that are queries. */
const OF_QUERIES: readonly SpecField['of'][] = [
  'format',
  'reading',
  'sequence',
  'item',
  'order',
  'timeFormat',
];

/** Rows may be queries by themselves, where items are lists. */
const SEQUENCE_OF_QUERIES =
  'column that tells queries apart (repeatable); --no-sequence: each row is a query, its items a list';

/** How the rows of queries are read. */
export function addQueryOptions(command: Command): Command {
  const fields = SPEC_FIELDS.filter(({ of }) => OF_QUERIES.includes(of)).map((field) =>
    field.name === 'sequence' ? { ...field, optional: true as const, help: SEQUENCE_OF_QUERIES } : field,
  );
  for (const option of fields.flatMap(optionsOf))
    command.addOption(underTopic(option, INPUT, { main: MAIN.has(option.attributeName()) }));
  return command;
}

/** The option of a field and, where it may be lacking or off, the one that says so, of which the first one's help tells. */
function optionsOf(field: SpecField): Option[] {
  const name = kebabCase(field.name);
  const option = new Option(`--${name}${field.value === undefined ? '' : ` <${field.value}>`}`, field.help);
  if (field.choices !== undefined) option.choices(field.choices);
  else if (field.value !== undefined) option.argParser(parserOf(field));
  const negated = field.optional === true || field.value === undefined;
  return negated ? [option, new Option(`--no-${name}`).hideHelp()] : [option];
}

type Parser = (word: string, before: unknown) => string | string[];

function parserOf(field: SpecField): Parser {
  return (word, before) => {
    const problem = field.problem?.(word);
    if (problem !== undefined) throw new InvalidArgumentError(problem);
    return field.repeatable === true ? [...(Array.isArray(before) ? before.map(String) : []), word] : word;
  };
}

/**
 * Only what was given.
 * @param options as commander has parsed them
 * @throws UserError for a split column of another split
 */
export function specChangesIn(options: Readonly<Record<string, unknown>>): SpecChanges {
  const changes: SpecChanges = Object.fromEntries(
    SPEC_FIELDS.flatMap(({ name }) => {
      const value = options[name];
      return value === undefined ? [] : [[name, wordsOf(value)] as const];
    }),
  );
  requireOneSplit(changes);
  return changes;
}

/** A negated option is false, one without a value true. */
function wordsOf(value: unknown): string[] {
  if (value === false) return [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

function requireOneSplit({ split, splitColumn }: SpecChanges): void {
  const by = split?.[0];
  if (splitColumn === undefined || by === undefined || by === 'column') return;
  throw new UserError(
    `--split-column belongs to --split column, and --split is ${by}.`,
    'Leave one of them out.',
    { exitCode: EXIT.usage },
  );
}
