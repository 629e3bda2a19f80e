import type { CandidatePool } from './candidates.ts';
import type { FeatureSet } from './feature-set.ts';
import type { StackMember } from './stack-member.ts';

/** What the stack sees of a query: its candidates, their features, and its gates; valid until the next query. */
export interface SeenQuery {
  /** Item codes. */
  readonly items: Int32Array;
  /** Items × features. */
  readonly features: Float32Array;
  readonly gates: Float32Array;
}

export class QueryView {
  readonly features: FeatureSet;
  private readonly members: readonly StackMember[];
  private readonly pool: CandidatePool;
  private readonly gates: Float32Array;
  private room = new Float32Array(0);

  constructor(members: readonly StackMember[], pool: CandidatePool, features: FeatureSet) {
    this.members = members;
    this.pool = pool;
    this.features = features;
    this.gates = new Float32Array(features.gateNames.length);
  }

  /** Tells which queries, as these very arrays, will be seen next: what members find faster for several they find at once. */
  expect(queries: readonly Int32Array[]): void {
    const { pool } = this;
    // One that has much in its way is not worth looking as deep for all.
    const alike = queries.filter((query) => pool.depthOf(query) <= 2 * pool.rule.depth);
    const depth = alike.reduce((most, query) => Math.max(most, pool.depthOf(query)), 0);
    if (depth > 0) for (const member of this.members) member.expect?.(alike, depth);
  }

  /** Undefined where no member knows anything of the query, or none of its candidates may be recommended. */
  see(query: Int32Array): SeenQuery | undefined {
    const { features, gates, members } = this;
    let known = 0;
    for (const member of members) known += member.begin(query) ? 1 : 0;
    const items = known === 0 ? new Int32Array(0) : this.pool.collect(query, members);
    if (items.length === 0) return undefined;
    const size = items.length * features.width;
    if (this.room.length < size) this.room = new Float32Array(2 * size);
    const filled = this.room.subarray(0, size);
    features.fill(query, items, filled, gates);
    return { items, features: filled, gates };
  }
}
