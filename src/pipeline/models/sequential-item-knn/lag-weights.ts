import type { QueryRule } from '../../../protocol/report.ts';
import { pow, powers } from '../../deterministic-math.ts';
import type { KnnParameters } from './parameters.ts';

/** Weight of each item of a query by its lag, newest first: (k + 1)^−p or q^k. */
export function lagWeights({
  weighting,
  fade,
  history,
}: Pick<KnnParameters, 'weighting' | 'fade' | 'history'>): Float64Array {
  if (weighting === 'geometric') return powers(fade, history);
  return Float64Array.from({ length: history }, (_, k) => pow(k + 1, -fade));
}

/** Lag weights of each query rule the model offers. */
export function weightsOfRule(rule: QueryRule, parameters: KnnParameters): Float64Array {
  if (rule === 'last-item') return Float64Array.of(1);
  if (rule === 'whole-list') return new Float64Array(parameters.history).fill(1);
  return lagWeights(parameters);
}
