import { type Command, InvalidArgumentError, Option } from 'commander';
import * as z from 'zod/mini';
import { Split } from '../../protocol/dataset-spec.ts';
import { EXIT, UserError } from '../../protocol/user-error.ts';
import type { SpecOverrides } from '../launch/describe-data.ts';
import { wholeNumber } from './store-options.ts';

const collect = (column: string, before: string[] | undefined): string[] => [...(before ?? []), column];
const GROUP = 'Dataset spec (each goes before recsys.json and the guess):';

function share(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError('It must be above 0 and at most 1.');
  return value;
}

export function addSpecOptions(command: Command): Command {
  const options = [
    new Option('--sequence <column>', 'column that identifies a sequence (repeatable)').argParser(collect),
    new Option('--item <column>', 'column that identifies an item (repeatable)').argParser(collect),
    new Option('--order <column>', 'column that orders the rows of a sequence (repeatable)').argParser(
      collect,
    ),
    new Option('--user <column>', 'column of the user, for a split by user'),
    new Option('--group <column>', 'item column that groups items, such as the artist'),
    new Option('--time <column>', 'column of the time, for a split by time, or in time within a given one'),
    new Option('--split <by>', 'how the data are split').choices(Split.shape.by.options),
    new Option('--split-column <column>', 'column that says train, validation or test, for --split column'),
    new Option('--minimum-length <n>', 'shorter sequences are dropped').argParser(wholeNumber(2)),
    new Option('--sample-fraction <share>', 'share of the sequences to keep').argParser(share),
  ];
  for (const option of options) command.addOption(option.helpGroup(GROUP));
  return command;
}

const Columns = z.optional(z.array(z.string()));
const Given = z.object({
  sequence: Columns,
  item: Columns,
  order: Columns,
  user: z.optional(z.string()),
  group: z.optional(z.string()),
  time: z.optional(z.string()),
  split: z.optional(Split.shape.by),
  splitColumn: z.optional(z.string()),
  minimumLength: z.optional(z.int()),
  sampleFraction: z.optional(z.number()),
});

/** Only what was given. @throws UserError for a split column of another split */
export function specOverridesOf(options: unknown): SpecOverrides {
  const { split, splitColumn, sampleFraction: sample, ...columns } = Given.parse(options);
  const given = Object.fromEntries(
    Object.entries({ ...columns, sample }).filter(([, value]) => value !== undefined),
  );
  if (splitColumn === undefined) return { ...given, ...(split === undefined ? {} : { splitBy: split }) };
  if (split !== undefined && split !== 'column')
    throw new UserError(
      `--split-column belongs to --split column, and --split is ${split}.`,
      'Leave one of them out.',
      { exitCode: EXIT.usage },
    );
  return { ...given, splitBy: 'column', splitColumn };
}
