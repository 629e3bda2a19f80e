/** Finds the item that a place in a text means, however it is written there. Names decide, not patterns. */
import type { Candidate, OtherValue, PointedText, Reader, Reading } from './candidate.ts';
import { readDelimited, readPartsOfCell } from './delimited.ts';
import { readKeyed } from './keyed.ts';
import { withoutNumbersOf } from './other-value.ts';
import { readNearestQuoted, readQuoted } from './quoted.ts';
import { readSpans } from './spans.ts';

/** What a name is looked up in. */
export interface Vocabulary {
  /** The code of the item that is called just so. */
  code(name: string): number | undefined;
  /** The code of the most frequent item that is called so but for case and accents. */
  foldedCode(name: string): number | undefined;
}

interface Place {
  readonly from: number;
  readonly to: number;
  /** Where all that writes the item ends. */
  readonly until: number;
}

type Known = Place & { readonly code: number; readonly isFolded: boolean };

export type ReadItem =
  | Known
  /** An item is meant that is not known. */
  | (Place & { readonly unknown: string });

/** Those that look for names where no row and no object says that an item is meant. */
const OTHER_READERS: readonly Reader[] = [readPartsOfCell, readQuoted, readSpans];

/** @returns undefined where the place means no item */
export function readItem(pointed: PointedText, vocabulary: Vocabulary): ReadItem | undefined {
  return readFrom(pointed, structureOf(pointed), vocabulary);
}

/**
 * The same for one part of a list, where there is no time to try all that may be a name: what is called just as a row, an
 * object or the nearest quotes say is taken at once. Beside an item nothing else is looked at.
 */
export function readListed(pointed: PointedText, vocabulary: Vocabulary): ReadItem | OtherValue | undefined {
  const structure = structureOf(pointed);
  const { candidates, other } = structure;
  if (candidates.length === 0 && other?.isBesideItem === true) return other;
  const quoted = withoutNumbersOf(other, readNearestQuoted(pointed));
  return (
    exact(longestFirst([...candidates, ...quoted]), vocabulary) ?? readFrom(pointed, structure, vocabulary)
  );
}

/** What rows and objects say. */
function structureOf(pointed: PointedText): Reading {
  const [keyed, delimited] = [readKeyed(pointed), readDelimited(pointed)];
  return {
    candidates: [...keyed.candidates, ...delimited.candidates],
    other: keyed.other ?? delimited.other,
  };
}

function readFrom(
  pointed: PointedText,
  { candidates, other }: Reading,
  vocabulary: Vocabulary,
): ReadItem | undefined {
  const others = OTHER_READERS.flatMap((read) => read(pointed));
  const all = longestFirst([...candidates, ...withoutNumbersOf(other, others)]);
  return exact(all, vocabulary) ?? foldedTwin(all, vocabulary) ?? unknown(all);
}

function longestFirst(candidates: readonly Candidate[]): Candidate[] {
  return [...candidates].sort((a, b) => b.name.length - a.name.length);
}

function placeOf({ from, to, until = to }: Candidate): Place {
  return { from, to, until };
}

function exact(candidates: readonly Candidate[], vocabulary: Vocabulary): Known | undefined {
  for (const candidate of candidates) {
    const code = vocabulary.code(candidate.name);
    if (code !== undefined) return { ...placeOf(candidate), code, isFolded: false };
  }
  return undefined;
}

function foldedTwin(candidates: readonly Candidate[], vocabulary: Vocabulary): Known | undefined {
  for (const candidate of candidates) {
    const code = candidate.mayFold ? vocabulary.foldedCode(candidate.name) : undefined;
    if (code !== undefined) return { ...placeOf(candidate), code, isFolded: true };
  }
  return undefined;
}

function unknown(candidates: readonly Candidate[]): ReadItem | undefined {
  const meant = candidates.find(({ isMeant }) => isMeant);
  return meant === undefined ? undefined : { ...placeOf(meant), unknown: meant.name };
}
