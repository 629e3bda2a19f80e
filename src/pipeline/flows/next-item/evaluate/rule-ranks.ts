import type { QueryRule } from '../../../../protocol/report.ts';

/**
 * Ranks of all targets under one query rule, with seen items kept and removed; 0 is a miss, as is every rank beyond
 * `DEEPEST`.
 */
export interface RuleRanks {
  readonly rule: QueryRule;
  readonly kept: Int32Array;
  readonly removed: Int32Array;
  /** 1 where the model knew nothing of the query and popularity answered. */
  readonly unknown: Uint8Array;
  /** Indices of the queries that were ranked, ascending; absent: all. */
  readonly subset?: Uint32Array;
}
