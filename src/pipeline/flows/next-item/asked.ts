/** What a run's parameters say of how held-out sequences are asked: for its trainings, which tune on it, and its figures alike. */
import type { PreparedData } from '../../data/prepared-data.ts';
import type { StepContext } from '../../flow/step-context.ts';
import type { SeenItems } from '../../kinds/ranking/ranker.ts';

/** Names of the flow's parameters it is read from. */
export const ASKED_PARAMETERS = ['positions', 'queriesPerSequence', 'seen'] as const;

export interface Asked {
  /** `last` or `every:N`; of a split by leave-one-out nothing. */
  readonly positions: string;
  /** Queries of one sequence, at most; 0: all. */
  readonly queriesPerSequence: number;
  /** Whether a query's own items stay in the ranking of the headline figures. */
  readonly seen: SeenItems;
}

/** Of runs of earlier versions, which had no such parameters, what those did. */
export function askedOf({ manifest }: Pick<StepContext, 'manifest'>, data: PreparedData): Asked {
  const { positions = 'every:5', queriesPerSequence = 0, seen = 'auto' } = manifest.parameters;
  return {
    positions: String(positions),
    queriesPerSequence: Number(queriesPerSequence),
    seen: seenItems(String(seen), data),
  };
}

/** `auto`: kept, or by leave-one-out removed, as the published tables do. */
function seenItems(seen: string, { layout }: PreparedData): SeenItems {
  if (seen === 'kept' || seen === 'removed') return seen;
  return layout.leaveOneOut ? 'removed' : 'kept';
}
