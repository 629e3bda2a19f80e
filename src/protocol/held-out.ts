/** What prepare found out about how far the held-out parts are held out; part of the profile. */
import * as z from 'zod/mini';
import { Straddling } from './dataset-spec.ts';
import { formatPercent } from './format.ts';

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

export const HeldOut = z.object({ boundaries: z.optional(TimeBoundaries) });
export type HeldOut = z.infer<typeof HeldOut>;

/** What a person should know of it before they trust a figure: a sentence each. */
export function heldOutSentences({ boundaries }: HeldOut): string[] {
  return [boundaries === undefined ? undefined : boundarySentence(boundaries)].filter(
    (sentence) => sentence !== undefined,
  );
}

function boundarySentence(boundaries: TimeBoundaries): string | undefined {
  const { rowsCut, of, sequences, sequencesDropped, straddling } = boundaries;
  if (rowsCut === 0) return undefined;
  const count = (n: number): string => n.toLocaleString('en');
  const rows = `${count(rowsCut)} rows (${formatPercent(rowsCut / of)}) are in no part, so that training ends before validation begins, and validation before test`;
  const short = sequencesDropped === 0 ? '' : `; ${count(sequencesDropped)} of them were then too short`;
  return straddling === 'drop'
    ? `${rows}: ${count(sequences)} sequences with rows on both sides of a boundary were dropped.`
    : `${rows}: ${count(sequences)} sequences were cut at a boundary${short}.`;
}
