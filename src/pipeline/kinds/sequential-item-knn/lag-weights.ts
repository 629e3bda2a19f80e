import { powers } from '../../deterministic-math.ts';
import { powerWeights } from '../ranking/lag-weights.ts';
import type { KnnParameters } from './parameters.ts';

/** Weight of each item of a query by its lag, newest first: (k + 1)^−p or q^k. */
export function lagWeights({
  weighting,
  fade,
  history,
}: Pick<KnnParameters, 'weighting' | 'fade' | 'history'>): Float64Array {
  return weighting === 'geometric' ? powers(fade, history) : powerWeights(fade, history);
}
