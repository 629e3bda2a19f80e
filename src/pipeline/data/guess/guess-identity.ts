/** Guesses what sequences, items, users and groups are: by names, as far as the values agree, and else by values. */
import type { ColumnEvidence } from './column-evidence.ts';
import { percent, quoted } from './columns.ts';
import type { Choice, Columns } from './columns.ts';
import { orderEvidence, ownerEvidence, repetition } from './combinations.ts';
import { closeness } from './role-names.ts';

/** Fewer rows or sequences tell nothing. */
const [TELLING_ROWS, TELLING_SEQUENCES] = [50, 10];
const LEAST_REPEATED = 0.02;

/** Whether values come again, as those of an item and of a sequence do; assumed where few rows are known. */
function comesAgain({ values }: ColumnEvidence): boolean {
  const { rows, repeated } = repetition(values);
  return rows < TELLING_ROWS || repeated >= LEAST_REPEATED;
}

/** Whether rows fall into several sequences of several rows. */
function parts(column: ColumnEvidence): boolean {
  const several = column.values.length < TELLING_ROWS || column.distinct * column.values.length > 1.5;
  return several && comesAgain(column);
}

/** From this share of the sequences on, a column that has one value in all rows of each is of the sequence, not of items. */
const OF_SEQUENCES = 0.9;

/** Whether a column is of sequences: the name of a playlist stands beside each of its tracks. */
function isOfSequences({ values }: ColumnEvidence, sequences: readonly (readonly number[])[]): boolean {
  const { sequences: several, constant } = orderEvidence(sequences, [values]);
  // Where all rows have one value, it is told of the items that they are one only.
  return several >= TELLING_SEQUENCES && constant >= OF_SEQUENCES && new Set(values).size > 1;
}

/** @param sequence columns whose names say that they identify sequences */
export function itemByName(columns: Columns, sequence: Choice | undefined): Choice | undefined {
  const sequences = columns.sequences(sequence?.columns ?? []);
  const isItem = (column: ColumnEvidence): boolean => comesAgain(column) && !isOfSequences(column, sequences);
  const trackId = columns.named('trackId', isItem);
  if (trackId !== undefined)
    return { columns: [trackId.name], reason: `${quoted(trackId.name)} identifies a track by its name.` };
  const artist = columns.named('artist');
  const track = columns.named('track', isItem);
  if (artist !== undefined && track !== undefined)
    return {
      columns: [artist.name, track.name],
      reason: `${quoted(track.name)} alone is not unique: different artists have songs of the same title, so ${quoted(artist.name)} belongs to it.`,
    };
  const item = columns.identifies('item', isItem) ?? track;
  return item === undefined
    ? undefined
    : { columns: [item.name], reason: `${quoted(item.name)} identifies an item by its name.` };
}

export function sequenceByName(columns: Columns): Choice | undefined {
  const user = columns.identifies('user', parts);
  const playlist = columns.identifies('playlist', comesAgain);
  if (playlist !== undefined) {
    const isId = playlist.words.includes('id') || playlist.words.includes('pid');
    if (user === undefined || isId)
      return { columns: [playlist.name], reason: `${quoted(playlist.name)} identifies a playlist.` };
    return {
      columns: [user.name, playlist.name],
      reason: `${quoted(playlist.name)} is a name that several users may have given, so ${quoted(user.name)} belongs to it.`,
    };
  }
  for (const [role, what] of [
    ['session', 'a session'],
    ['basket', 'a basket'],
  ] as const) {
    const column = columns.identifies(role, parts);
    if (column !== undefined)
      return { columns: [column.name], reason: `${quoted(column.name)} identifies ${what} by its name.` };
  }
  const plain = columns.all.find((column) => column.words.join(' ') === 'sequence');
  if (plain !== undefined) return { columns: [plain.name], reason: keyReason(plain, columns) };
  return user === undefined
    ? undefined
    : {
        columns: [user.name],
        reason: `${quoted(user.name)} identifies a user; there is no smaller unit, so all of a user's rows are one sequence.`,
      };
}

function keyReason({ values }: ColumnEvidence, columns: Columns): string {
  const line = columns.all.find(({ name }) => name === 'line');
  const numbered = line !== undefined && values.every((value, at) => value === line.values[at]);
  return numbered
    ? 'Each line is a sequence, whose key is its number among the lines with items.'
    : 'Each line begins with the key of its sequence.';
}

const identifying = ({ kind }: ColumnEvidence): boolean =>
  kind === 'text' || kind === 'numbered' || kind === 'integer';

/**
 * The column with most different values that still repeat, leaving one for the sequence where that is unknown; where lists
 * were unfolded one of their own, as all others come again for each element.
 */
export function itemByValues(columns: Columns, sequence: Choice | undefined): Choice | undefined {
  const reserved = sequence === undefined ? sequenceByValues(columns)?.columns[0] : undefined;
  const sequences = columns.sequences(sequence?.columns ?? []);
  const unfolded = columns.all.some(({ inList }) => inList);
  const candidates = columns.free.filter(
    (column) =>
      column.name !== reserved &&
      (column.inList || !unfolded) &&
      identifying(column) &&
      !column.increasing &&
      comesAgain(column) &&
      !isOfSequences(column, sequences),
  );
  const [best] = candidates.sort((a, b) => b.distinct - a.distinct);
  return best === undefined
    ? undefined
    : {
        columns: [best.name],
        reason: `${quoted(best.name)} has the most different values that come again in other rows and are no numbering (${percent(best.distinct)} of the rows looked at).`,
      };
}

/** The column whose values stand in runs, each in one place; else the one with most different values that repeat. */
export function sequenceByValues(columns: Columns): Choice | undefined {
  const candidates = columns.free.filter(
    (column) => identifying(column) && !column.increasing && parts(column),
  );
  const [run] = candidates
    .filter((column) => column.contiguous && column.run >= 2 && column.run < 1000)
    .sort((a, b) => a.run - b.run);
  if (run !== undefined)
    return {
      columns: [run.name],
      reason: `${quoted(run.name)} has its equal values in one place each, ${run.run.toFixed(1)} rows on average.`,
    };
  const [repeated] = candidates
    .filter((column) => column.distinct < 0.7)
    .sort((a, b) => b.distinct - a.distinct);
  return repeated === undefined
    ? undefined
    : {
        columns: [repeated.name],
        reason: `${quoted(repeated.name)} has values that come again in other rows.`,
      };
}

/** Share of the sequences that must have one user each. */
const [ONE_USER, MORE_THAN_ONE] = [0.9, 1.02];

/** A user has sequences of one's own: who has but one each tells no more than the sequence does. */
export function userOf(columns: Columns, sequence: Choice | undefined): Choice | undefined {
  const named = (column: ColumnEvidence): boolean => closeness(column, 'user') > 0;
  const own = columns.all.find(
    (column) =>
      sequence?.columns.includes(column.name) === true &&
      named(column) &&
      closeness(column, 'session') <= closeness(column, 'user'),
  );
  if (own !== undefined)
    return {
      columns: [own.name],
      reason: `${quoted(own.name)} identifies a user by its name; needed by a split by user.`,
    };
  const user = columns.identifies('user');
  if (user === undefined) return undefined;
  const found = ownerEvidence(columns.sequences(sequence?.columns ?? []), user.values);
  const tells = found.sequences >= TELLING_SEQUENCES;
  if (tells && (found.single < ONE_USER || found.each < MORE_THAN_ONE)) return undefined;
  return {
    columns: [user.name],
    reason: `${quoted(user.name)} identifies a user by its name${tells ? `, with ${found.each.toFixed(1)} sequences on average in the rows looked at` : ''}; needed by a split by user.`,
  };
}

const ONE_GROUP = 0.8;

/** A group has items of its own: most items belong to one. */
export function groupOf(columns: Columns, item: Choice | undefined): Choice | undefined {
  const own = columns.all.find(
    (column) =>
      item?.columns.includes(column.name) === true &&
      item.columns.length > 1 &&
      closeness(column, 'group') > 0,
  );
  const groups = (column: ColumnEvidence): boolean => {
    const found = ownerEvidence(columns.sequences(item?.columns ?? []), column.values);
    return found.sequences < TELLING_SEQUENCES || found.single >= ONE_GROUP;
  };
  const group = own ?? columns.named('group', groups);
  return group === undefined
    ? undefined
    : {
        columns: [group.name],
        reason: `${quoted(group.name)} groups items; it serves to compare with the most popular of the same group.`,
      };
}
