import type { StackMember } from '../stack-member.ts';

/** Features of candidates that belong together, each a number of an item after a query. */
export interface FeatureGroup {
  readonly names: readonly string[];
  /** Which member they are of, where they are of one. */
  readonly member?: StackMember;
  /** Numbers of the query that the group tells, by which features may weigh more or less. */
  readonly gates?: readonly string[];
  /**
   * @param query which members were asked about
   * @param out items × names, all of it to be filled
   * @param gates to be filled, where the group has any
   */
  fill(query: Int32Array, items: Int32Array, out: Float32Array, gates: Float32Array): void;
}
