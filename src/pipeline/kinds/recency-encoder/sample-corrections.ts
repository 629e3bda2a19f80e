import { exp, log } from '../../deterministic-math.ts';
import type { Vocabulary } from '../fitting/vocabulary.ts';

/**
 * −log π of each row, π being the probability that it is among the negatives of a batch, which are drawn without
 * replacement: by training rows first, then uniformly. Logits raised by these make the sampled softmax one over all items
 * (Bengio & Senécal 2008). Targets are drawn like others and masked afterwards, so that π is the same for every target.
 * @param negatives S, fewer than the items
 * @param drawnRows how many of the draws are of training rows
 */
export function sampleCorrections(
  { counts, total }: Pick<Vocabulary, 'counts' | 'total'>,
  negatives: number,
  drawnRows: number,
): Float32Array {
  // (1 − n/T)^draws: no draw of a training row was the item's.
  const missed = Float64Array.from(counts, (count) => exp(drawnRows * log(1 - count / total)));
  const found = missed.reduce((sum, chance) => sum + 1 - chance, 0);
  // What the draws of rows leave open, taken as always as many: that is right to 1 % of π even for a dozen negatives.
  const uniform = (negatives - found) / (counts.length - found);
  return Float32Array.from(missed, (chance) => -log(1 - chance * (1 - uniform)));
}
