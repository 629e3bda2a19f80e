import type { StackFeature, StackSummary } from '../../../protocol/report.ts';
import type { StackFile } from './stack-file.ts';
import type { StackWeights } from './stack-weights.ts';

/** Gates that are told of a feature, the strongest. */
const GATES = 3;
/** Weaker gates and features are not told. */
const LEAST = 1e-3;

/** What a stack weighs, as the card shows it. */
export function summaryOf({ members, depth, weights, chosen }: StackFile): StackSummary {
  const features = weights.features.map((feature) => featureOf(feature, weights.gates));
  const told = features.filter(({ weight, gates }) => Math.abs(weight) >= LEAST || gates.length > 0);
  return {
    ...{ members, depth },
    features: told.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)),
    gates: weights.gates.map(({ name, mean, spread }) => ({ name, mean, spread })),
    ...(chosen === undefined ? {} : { chosen }),
  };
}

function featureOf(
  { name, weights: [weight = 0, ...own] }: StackWeights['features'][number],
  gates: StackWeights['gates'],
): StackFeature {
  const moved = own
    .map((value, g) => ({ name: gates[g]?.name ?? '', weight: value }))
    .filter((gate) => Math.abs(gate.weight) >= LEAST)
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  return { name, weight, gates: moved.slice(0, GATES) };
}
