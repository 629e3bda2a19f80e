import type { TrainingSet } from './training-set.ts';

/** What one pass over the training sequences finds. */
interface Shape {
  readonly sequences: number;
  readonly longest: number;
  /** Rows of the vocabulary that every sequence holds. */
  readonly everywhere: number;
  /** Tokens that their sequence held before. */
  readonly repeats: number;
}

/** Looks at all training sequences once. */
export function shapeOf({ tokens, starts, vocabulary }: TrainingSet): Shape {
  const lastStart = new Int32Array(vocabulary.items.length).fill(-1);
  const held = new Uint32Array(vocabulary.items.length);
  let sequences = 0;
  let longest = 0;
  let repeats = 0;
  tokens.forEach((row, at) => {
    const start = starts[at] ?? 0;
    if (start === at) sequences++;
    longest = Math.max(longest, at - start + 1);
    if (lastStart[row] === start) repeats++;
    else held[row] = (held[row] ?? 0) + 1;
    lastStart[row] = start;
  });
  return { sequences, longest, everywhere: held.filter((count) => count === sequences).length, repeats };
}

/**
 * What a person should know before believing an encoder trained on such data.
 * @param negatives as a person gave them; absent: chosen by the fit
 */
export function trainingWarnings(set: TrainingSet, negatives?: number): string[] {
  const { sequences, longest, everywhere, repeats } = shapeOf(set);
  const others = set.vocabulary.items.length - 1;
  const warnings: string[] = [];
  if (negatives !== undefined && negatives > others)
    warnings.push(
      `${negatives} negatives were asked for and there are ${others} other items: the softmax of the recency encoder is over all of them.`,
    );
  if (longest === 2)
    warnings.push(
      'No training sequence is longer than two items, so the recency encoder learns from single items what follows them.',
    );
  if (sequences > 1 && everywhere > 0)
    warnings.push(
      `${everywhere === 1 ? 'An item stands' : `${everywhere} items stand`} in every training sequence: recommending what everybody has says little; consider leaving such items out of the data.`,
    );
  if (repeats > 0 && repeats === set.tokens.length - sequences)
    warnings.push(
      'Every item after the first of its training sequence repeats the one before it or an earlier one, so there is nothing but repeats to learn.',
    );
  return warnings;
}
