import { OF_GROUPS, OWN } from '../../../../kinds/stack/candidates.ts';
import { REACH } from '../../../../kinds/stack/features/vector-features.ts';
import type { KindGraph } from '../../kind-graph.ts';
import { evidenceWork } from '../../query-work.ts';

/** Of each item: whether, how often and how long ago the query holds it. */
const OF_ITEM = 6;
/** Of each feature of a candidate: its value, as it is computed and as it is weighed. */
const OF_FEATURE = 6;
/** Of each number of two vectors whose product is taken. */
const OF_PRODUCT = 3;

interface Stacked {
  readonly members: readonly KindGraph[];
  readonly columns: Int32Array;
  readonly itemCount: number;
  readonly features: number;
  /** Best items of each member. */
  readonly depth: number;
  /** Items of the query. */
  readonly asked: number;
}

/** Numbers of all members, of what they say of all items, and of the features of candidates. */
export function stackWork({ members, columns, itemCount, features, depth, asked }: Stacked): number {
  const ofMembers = members.reduce(
    (sum, member) => sum + member.work(asked) + evidenceWork(member.columns?.length ?? itemCount, 0),
    0,
  );
  const most = members.length * depth + Math.min(asked, OWN) + OF_GROUPS;
  const candidates = Math.min(columns.length, most);
  const { dimension = 0 } = members.find(({ products }) => products !== undefined)?.products ?? {};
  const ofEach = OF_FEATURE * features + OF_PRODUCT * REACH * dimension;
  return ofMembers + OF_ITEM * itemCount + evidenceWork(columns.length, 0) + candidates * ofEach;
}
