import { DamagedFileError } from '../../store/damaged-file.ts';
import type { StackWeights } from './stack-weights.ts';

/** Names of what a stack computes, in its order. */
export interface ComputedNames {
  readonly names: readonly string[];
  readonly gateNames: readonly string[];
}

/**
 * Kept weights in the order of what is computed now. What an earlier version did not compute weighs nothing.
 * @param file where they are kept
 * @throws DamagedFileError where weights are of something that is not computed
 */
export function weightsFor(
  file: string,
  { names, gateNames }: ComputedNames,
  { features, gates }: StackWeights,
): StackWeights {
  const places = new Map(gates.map(({ name }, at) => [name, at]));
  const byName = new Map(features.map((feature) => [feature.name, feature]));
  const isLost = [...places.keys()].some((name) => !gateNames.includes(name));
  if (isLost || [...byName.keys()].some((name) => !names.includes(name)))
    throw new DamagedFileError(file, 'its weights are of other features than its members have');
  return {
    features: names.map((name) => {
      const { spread = 1, weights = [] } = byName.get(name) ?? {};
      const ofGate = (gate: string): number => {
        const place = places.get(gate);
        return place === undefined ? 0 : (weights[place + 1] ?? 0);
      };
      return { name, spread, weights: [weights[0] ?? 0, ...gateNames.map(ofGate)] };
    }),
    gates: gateNames.map((name) => ({ mean: 0, spread: 1, ...gates[places.get(name) ?? -1], name })),
  };
}
