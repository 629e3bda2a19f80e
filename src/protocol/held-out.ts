/** What prepare found out about how far the held-out parts are held out; part of the profile. */
import * as z from 'zod/mini';
import { Straddling } from './dataset-spec.ts';
import { formatPercent, oneOrMany } from './text/format.ts';

/** How sequences were parted in time. */
export const TimeBoundaries = z.object({
  /** The first times of the validation and the test part, as text. */
  validationFrom: z.optional(z.string()),
  testFrom: z.optional(z.string()),
  straddling: Straddling,
  /** Sequences of train and validation with rows on both sides of the boundary after their part. */
  sequences: z.int(),
  /** Rows of the data that are in no part since they are not before it, or have no time; `of` all rows of the data. */
  rowsCut: z.int(),
  of: z.int(),
  /** Sequences that were left out, as a whole or since too few of their rows are before the boundary. */
  sequencesDropped: z.int(),
  /** Of the rows cut, those that have no time; and sequences without a time, which are in no part. */
  rowsWithoutTime: z.int(),
  sequencesWithoutTime: z.int(),
});
export type TimeBoundaries = z.infer<typeof TimeBoundaries>;

/** Of a part: how many of its sequences have a near copy in training (`near-copies.ts` says what that is). */
const CopiesOfPart = z.object({
  sequences: z.int(),
  /** How many of them were drawn to be looked at: all, where they are not very many. */
  drawn: z.int(),
  /** Those drawn that have five distinct items at least; fewer say nothing. */
  looked: z.int(),
  near: z.int(),
});
export const NearCopies = z.object({ validation: CopiesOfPart, test: CopiesOfPart });
export type NearCopies = z.infer<typeof NearCopies>;

/** Users of a part, and those of them with sequences in training too. */
const UsersOfPart = z.object({ users: z.int(), inTraining: z.int() });
export const SharedUsers = z.object({ validation: UsersOfPart, test: UsersOfPart });
export type SharedUsers = z.infer<typeof SharedUsers>;

/** Training rows, of all, that are as late as held-out ones, where the protocol has it so. */
export const LaterRows = z.object({
  /** Later than half of the test targets, by leave-one-out; not before the first test row, by a given split. */
  than: z.enum(['half-the-targets', 'first-test-row']),
  rows: z.int(),
  of: z.int(),
});
export type LaterRows = z.infer<typeof LaterRows>;

export const HeldOut = z.object({
  boundaries: z.optional(TimeBoundaries),
  /** Missing by leave-one-out, where every sequence is on both sides. */
  nearCopies: z.optional(NearCopies),
  /** Missing where the data name no user. */
  sharedUsers: z.optional(SharedUsers),
  /** Missing where the data name no time, and where the split itself is in time or drawn. */
  laterRows: z.optional(LaterRows),
});
export type HeldOut = z.infer<typeof HeldOut>;

/** Above this share of near copies, what only remembers training is rewarded. */
export const MANY_COPIES = 0.1;

/** What a person should know of it before they trust a figure: a sentence each. */
export function heldOutSentences({ boundaries, nearCopies, sharedUsers, laterRows }: HeldOut): string[] {
  return [
    boundaries === undefined ? undefined : boundarySentence(boundaries),
    nearCopies === undefined ? undefined : copiesSentence(nearCopies),
    sharedUsers === undefined ? undefined : usersSentence(sharedUsers),
    laterRows === undefined ? undefined : laterSentence(laterRows),
  ].filter((sentence) => sentence !== undefined);
}

const count = (n: number): string => n.toLocaleString('en');

function boundarySentence(boundaries: TimeBoundaries): string | undefined {
  const { rowsCut, of, sequences, sequencesDropped, straddling } = boundaries;
  if (rowsCut === 0) return undefined;
  const rows = `${oneOrMany(rowsCut, '1 row', (n) => `${n} rows`)} (${formatPercent(rowsCut / of)}) ${rowsCut === 1 ? 'is' : 'are'} in no part, so that training ends before validation begins, and validation before test`;
  const short =
    sequencesDropped === 0
      ? ''
      : `; ${oneOrMany(sequencesDropped, '1 of them was', (n) => `${n} of them were`)} then too short`;
  const straddle = oneOrMany(sequences, '1 sequence', (n) => `${n} sequences`);
  const were = sequences === 1 ? 'was' : 'were';
  return straddling === 'drop'
    ? `${rows}: ${straddle} with rows on both sides of a boundary ${were} dropped.`
    : `${rows}: ${straddle} ${were} cut at a boundary${short}.`;
}

/** Of the held-out sequences that were looked at, the share that has a near copy in training; NaN where none was. */
export function shareOfCopies({ validation, test }: NearCopies): number {
  return (validation.near + test.near) / (validation.looked + test.looked);
}

function copiesSentence(copies: NearCopies): string | undefined {
  const { validation, test } = copies;
  if (test.looked === 0) return undefined;
  if (test.near + validation.near === 0)
    return test.sequences === 1
      ? 'The one test sequence has no near copy in training.'
      : `None of ${lookedAt(test)} has a near copy in training.`;
  const other =
    validation.looked === 0 ? '' : ` (validation: ${formatPercent(validation.near / validation.looked)})`;
  const share = `${formatPercent(test.near / test.looked)} of ${lookedAt(test)} have a near copy in training${other}: a sequence with half of their items or more, which chance alone would not give`;
  return shareOfCopies(copies) < MANY_COPIES
    ? `${share}.`
    : `${share}. For sequences that are new, expect lower figures than these.`;
}

function lookedAt({ sequences, drawn, looked }: NearCopies['test']): string {
  if (looked === sequences) return `the ${count(looked)} test sequences`;
  const long = oneOrMany(looked, '1 test sequence', (n) => `${n} test sequences`) + ' of five items or more';
  return drawn === sequences ? `the ${long}` : `${long}, drawn by lot,`;
}

function usersSentence({ validation, test }: SharedUsers): string | undefined {
  if (validation.inTraining + test.inTraining === 0) return undefined;
  const share = ({ users, inTraining }: SharedUsers['test']): string =>
    formatPercent(users === 0 ? 0 : inTraining / users);
  return `${share(test)} of the test users (validation: ${share(validation)}) have sequences in training too.`;
}

function laterSentence({ than, rows, of }: LaterRows): string | undefined {
  if (rows === 0) return undefined;
  const share = formatPercent(rows / of);
  return than === 'half-the-targets'
    ? `As leave-one-out has it, the future is in training: ${share} of the training rows are later than half of the test targets.`
    : `As the split was given, ${share} of the training rows are not before the first test row.`;
}
