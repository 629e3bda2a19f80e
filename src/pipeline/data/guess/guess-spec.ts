import type { DataFormat, DatasetSpec, Guess } from '../../../protocol/dataset-spec.ts';
import type { DescribedColumn } from '../column.ts';
import { Columns, quoted } from './columns.ts';
import type { Choice } from './columns.ts';
import {
  groupOf,
  itemByName,
  itemByValues,
  sequenceByName,
  sequenceByValues,
  userOf,
} from './guess-identity.ts';
import { chooseOrder, orderByGrowth, takeOrderCandidates } from './guess-order.ts';
import { readingNote } from './reading-note.ts';

/**
 * Guesses which columns mean what: by their names as far as the values of the rows looked at agree, and by values where
 * names say nothing. Each choice comes with its reason, for the person who confirms it.
 */
export function guessSpec(data: {
  readonly format: DataFormat;
  readonly columns: readonly DescribedColumn[];
}): Guess {
  const columns = new Columns(data.columns);
  const split = take(columns, splitOf(columns));
  // Order columns first, since `click_order` and `row_id` resemble names of other roles.
  const candidates = takeOrderCandidates(columns);
  const item = take(columns, itemByName(columns, sequenceByName(columns)));
  const sequence = take(columns, sequenceByName(columns));
  const knownItem = item ?? take(columns, itemByValues(columns, sequence));
  const knownSequence = sequence ?? take(columns, sequenceByValues(columns));
  const user = userOf(columns, knownSequence);
  const group = groupOf(columns, knownItem);
  const { order: found, time } = chooseOrder(columns, candidates, knownSequence?.columns ?? []);
  const order = withReading(columns, found ?? orderByGrowth(columns));
  const spec: DatasetSpec = {
    format: data.format,
    sequence: [...(knownSequence?.columns ?? [])],
    item: [...(knownItem?.columns ?? [])],
    order: [...(order?.columns ?? [])],
    ...(user === undefined ? {} : { user: user.columns[0] }),
    ...(group === undefined ? {} : { group: group.columns[0] }),
    ...(time === undefined ? {} : { time: time.columns[0] }),
    minimumLength: 3,
    sample: 1,
    split: { by: 'sequence', ratios: [0.7, 0.2, 0.1], ...splitBy(split) },
  };
  const choices = { sequence: knownSequence, item: knownItem, order, user, group, time, split };
  return { spec, reasons: reasonsOf(choices) };
}

function splitBy(split: Choice | undefined): { by?: 'column'; column?: string } {
  const [column] = split?.columns ?? [];
  return column === undefined ? {} : { by: 'column', column };
}

/** A column by whose name and every value looked at the data come with a split of their own. */
function splitOf(columns: Columns): Choice | undefined {
  const column = columns.named('split', ({ kind, namesParts }) => kind === 'text' && namesParts);
  return column === undefined
    ? undefined
    : { columns: [column.name], reason: `${quoted(column.name)} says which sequences train and which test.` };
}

/** Adds how text that orders is read. */
function withReading(columns: Columns, order: Choice | undefined): Choice | undefined {
  if (order === undefined) return undefined;
  const notes = order.columns.flatMap((name) => {
    const note = readingNote(columns.column(name));
    return note === undefined ? [] : [note];
  });
  return { ...order, reason: [order.reason, ...notes].join(' ') };
}

function reasonsOf(choices: Readonly<Record<string, Choice | undefined>>): Record<string, string> {
  const missing: Record<string, string> = {
    sequence: 'No column looks like a playlist, basket, session or user: choose one.',
    item: 'No column looks like an item: choose one.',
    order: 'No column gives an order: rows are taken in file order.',
  };
  const reasons: Record<string, string> = {
    minimumLength: 'The default: shorter sequences have nothing to learn and to predict from.',
    split: 'The default: 70 % of the sequences train, 20 % validate, 10 % test.',
  };
  for (const [role, choice] of Object.entries(choices)) {
    const reason = choice?.reason ?? missing[role];
    if (reason !== undefined) reasons[role] = reason;
  }
  return reasons;
}

function take(columns: Columns, choice: Choice | undefined): Choice | undefined {
  if (choice !== undefined) columns.take(choice.columns);
  return choice;
}
