import type { FeatureSet } from './feature-set.ts';
import type { StackMember } from './stack-member.ts';

/** Weight of log(1 + 1000 P) of a sparse member beside an encoder, where nothing is known yet. */
const BESIDE = 0.5;

export interface StartWeights {
  /** In units of the features themselves: one a feature. */
  readonly values: Float64Array;
  /** 1 for each feature that is a member's own score. */
  readonly own: Uint8Array;
}

/**
 * Where weights start: the first dense member alone; where there is none, the first member. Without validation queries
 * sparse members stand beside it.
 * @param fitted whether weights will be fitted
 */
export function startWeights(
  { memberOf, width }: FeatureSet,
  members: readonly StackMember[],
  fitted: boolean,
): StartWeights {
  const anchor = members.find(({ scorer }) => scorer.shape === 'dense') ?? members[0];
  const values = new Float64Array(width);
  const own = new Uint8Array(width);
  for (const member of members) {
    const first = memberOf.indexOf(member);
    own[first] = 1;
    if (member === anchor) values[first] = 1;
    else if (!fitted && member.scorer.shape === 'sparse') values[first] = BESIDE;
  }
  return { values, own };
}
