import type { QueryRule } from '../../../protocol/report.ts';
import { pow } from '../../deterministic-math.ts';

/** Query rules of kinds that look at a list item by item, their own first. */
export const LIST_RULES = ['decayed-list', 'last-item', 'whole-list'] as const;

/** (k + 1)^−fade of the newest items of a query, the newest first. */
export function powerWeights(fade: number, history: number): Float64Array {
  return Float64Array.from({ length: history }, (_, k) => pow(k + 1, -fade));
}

/** Weight of each item of a query by its lag, newest first, under each of `LIST_RULES`. @param decayed those of the kind's own rule */
export function weightsByRule(decayed: Float64Array): (rule: QueryRule) => Float64Array {
  const last = Float64Array.of(1);
  const whole = new Float64Array(decayed.length).fill(1);
  return (rule) => (rule === 'last-item' ? last : rule === 'whole-list' ? whole : decayed);
}
