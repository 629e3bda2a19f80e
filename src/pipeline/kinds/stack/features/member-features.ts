import { log } from '../../../deterministic-math.ts';
import { Exponentials } from '../../ranking/exponentials.ts';
import { LogShares } from '../../ranking/log-shares.ts';
import type { ItemSignals, Scorer } from '../../ranking/scorer.ts';
import type { StackMember } from '../stack-member.ts';
import type { FeatureGroup } from './feature-group.ts';

/** P of a sparse member is multiplied by these before the logarithm: small shares tell, or only large ones do. */
export const SCALES = [1000, 30] as const;

/** Names of features and gates of a member. */
export interface FeatureNames {
  readonly names: readonly string[];
  readonly gates: readonly string[];
}

/** By the shape of its scorer. */
export function scoreNames(member: string, shape: Scorer['shape']): FeatureNames {
  return shape === 'dense'
    ? { names: [`${member}: log-probability`], gates: [`${member}: highest log-probability`] }
    : { names: SCALES.map((scale) => `${member}: log(1 + ${scale} P)`), gates: [] };
}

export function signalNames(
  member: string,
  { names, gates }: Pick<ItemSignals, 'names' | 'gates'>,
): FeatureNames {
  const named = (own: readonly string[]): string[] => own.map((name) => `${member}: ${name}`);
  return { names: named(names), gates: named(gates) };
}

/** What each member says of the candidates. */
export function memberFeatures(members: readonly StackMember[]): FeatureGroup[] {
  const logs = new LogShares();
  const exponentials = new Exponentials();
  return members.flatMap((member) => [
    member.scorer.shape === 'dense' ? logSoftmax(member, exponentials) : logShares(member, logs),
    ...signals(member),
  ]);
}

/**
 * A dense member's scores as log-probabilities among the candidates; its gate is the highest. What it cannot score stands
 * with the last of what it can.
 */
function logSoftmax(member: StackMember, exponentials: Exponentials): FeatureGroup {
  let values = new Float64Array(0);
  return {
    member,
    ...scoreNames(member.name, 'dense'),
    fill(_, items, out, gates) {
      const count = items.length;
      if (values.length < count) values = new Float64Array(2 * count);
      member.scores(items, out);
      let [highest, least] = [-Infinity, Infinity];
      for (let i = 0; i < count; i++) {
        const score = out[i] ?? 0;
        if (score === -Infinity) continue;
        highest = Math.max(highest, score);
        least = Math.min(least, score);
      }
      if (highest === -Infinity) [highest, least] = [0, 0];
      for (let i = 0; i < count; i++) values[i] = Math.max(out[i] ?? 0, least) - highest;
      exponentials.take(values.subarray(0, count));
      let sum = 0;
      for (let i = 0; i < count; i++) sum += values[i] ?? 0;
      const shift = highest + log(Math.max(sum, Number.MIN_VALUE));
      for (let i = 0; i < count; i++) out[i] = Math.max(out[i] ?? 0, least) - shift;
      gates[0] = highest - shift;
    },
  };
}

/** log(1 + 1000 P) and log(1 + 30 P), P being a sparse member's scores scaled to sum 1. */
function logShares(member: StackMember, logs: LogShares): FeatureGroup {
  let shares = new Float32Array(0);
  let places = new Int32Array(0);
  let values = new Float64Array(0);
  return {
    member,
    ...scoreNames(member.name, 'sparse'),
    fill(_, items, out) {
      if (shares.length < items.length) {
        shares = new Float32Array(2 * items.length);
        places = new Int32Array(shares.length);
        values = new Float64Array(shares.length);
      }
      member.scores(items, shares);
      // Most candidates are other members'.
      let count = 0;
      for (let i = 0; i < items.length; i++) if (shares[i] !== 0) places[count++] = i;
      out.fill(0, 0, items.length * SCALES.length);
      SCALES.forEach((scale, at) => {
        for (let n = 0; n < count; n++) values[n] = shares[places[n] ?? 0] ?? 0;
        logs.take(values.subarray(0, count), scale, 1);
        for (let n = 0; n < count; n++) out[(places[n] ?? 0) * SCALES.length + at] = values[n] ?? 0;
      });
    },
  };
}

/** What a member tells beside its score. */
function signals(member: StackMember): FeatureGroup[] {
  const own = member.scorer.signals;
  if (own === undefined) return [];
  return [
    {
      member,
      ...signalNames(member.name, own),
      fill: (query, items, out, gates) => own.of(query, items, out, gates),
    },
  ];
}
