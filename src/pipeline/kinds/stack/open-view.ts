import type { Catalogue } from '../../data/catalogue.ts';
import { CandidatePool } from './candidates.ts';
import { featuresOf } from './feature-set.ts';
import type { ItemTable } from './features/item-features.ts';
import { GroupCandidates } from './group-candidates.ts';
import { QueryView } from './query-view.ts';
import { recommendedBy } from './scorer.ts';
import type { StackMember } from './stack-member.ts';

export interface Opening {
  readonly members: readonly StackMember[];
  readonly table: ItemTable;
  readonly catalogue: Pick<Catalogue, 'trainCounts' | 'itemGroups'>;
  /** Best items of each member that are candidates. */
  readonly depth: number;
  readonly seenRemoved: boolean;
  /** Place of each item in the random order that cuts ties. */
  readonly ties: Uint32Array;
}

/** What a stack sees of queries, and 1 for each item that any member recommends. */
export function openView({ members, table, catalogue, depth, seenRemoved, ties }: Opening): {
  readonly view: QueryView;
  readonly recommended: Uint8Array;
} {
  const { trainCounts, itemGroups } = catalogue;
  const recommended = recommendedBy(members, trainCounts.length);
  const groups =
    itemGroups === undefined
      ? {}
      : { groups: new GroupCandidates(itemGroups, recommended, trainCounts, ties) };
  const pool = new CandidatePool({ depth, seenRemoved, recommended, ...groups });
  const features = featuresOf({ members, table, catalogue, seenRemoved });
  return { view: new QueryView(members, pool, features), recommended };
}
