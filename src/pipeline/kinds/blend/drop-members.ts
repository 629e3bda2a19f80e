/** Members that add nothing to a blend are left out of it: each costs memory and time whenever it is asked. */
import { errorsAhead } from '../../metrics/paired-test.ts';
import { tooFew } from '../../../protocol/report.ts';
import { ranksOfSample } from '../fitting/validation-sample.ts';
import { measureBlends } from './measure-blend.ts';
import { chosenFrom, type FoundBlend } from './search-weights.ts';
import type { BlendSearch, BlendWeights } from './weighting.ts';

/**
 * Standard errors that a member must add to stay. A weight chosen on the queries it is measured on flatters its member:
 * one that adds nothing passes one standard error in about one of twenty cases.
 */
const LEAST_ADDED = 1;

export interface LeftOut {
  /** Place among the members. */
  readonly member: number;
  /** What it added to the metric, the other weights chosen anew without it; and that in its standard errors, by clusters. */
  readonly adds: number;
  readonly errors: number;
}

/** The blend without one of its members. */
type Shorter = LeftOut & { readonly weights: BlendWeights };

/**
 * Leaves members out, the one that adds least first, until each that is left adds more than a standard error. The anchor
 * stays. Where there are too few sequences or users to tell, all stay.
 */
export async function dropMembers(
  search: BlendSearch,
  { weights: found, scales }: FoundBlend,
): Promise<{ readonly weights: BlendWeights; readonly leftOut: readonly LeftOut[] }> {
  let weights = found;
  const leftOut: LeftOut[] = [];
  for (;;) {
    const weakest = await weakestOf(search, weights, scales, leftOut);
    if (weakest === undefined || weakest.errors > LEAST_ADDED) return { weights, leftOut };
    const { weights: without, ...dropped } = weakest;
    weights = without;
    leftOut.push(dropped);
  }
}

/** The member that adds least; undefined where none can be left out. */
async function weakestOf(
  search: BlendSearch,
  weights: BlendWeights,
  scales: readonly number[],
  leftOut: readonly LeftOut[],
): Promise<Shorter | undefined> {
  const out = leftOut.map(({ member }) => member);
  const members = weights.members.flatMap((_, m) => (m === 0 || out.includes(m) ? [] : [m]));
  if (members.length === 0) return undefined;
  const { table } = await measureBlends(search, [weights], 'gather');
  if (table === undefined) return undefined;
  const without = members.map((m) => {
    const zeroed = { ...weights, members: weights.members.with(m, 0) };
    return chosenFrom(search, { weights: zeroed, table }, scales, [...out, m]);
  });
  const { values, ranks } = await measureBlends(search, [weights, ...without]);
  const [whole = new Int32Array(0), ...others] = ranks;
  const all = ranksOfSample(search.sample, whole);
  if (tooFew(all)) return undefined;
  const shorter = members.flatMap((member, i): Shorter[] => {
    const [theirs, rest] = [others[i], without[i]];
    if (theirs === undefined || rest === undefined) return [];
    const errors = errorsAhead(all, ranksOfSample(search.sample, theirs), search.metric);
    return [{ member, adds: (values[0] ?? 0) - (values[1 + i] ?? 0), errors, weights: rest }];
  });
  return shorter.sort((a, b) => a.errors - b.errors)[0];
}
