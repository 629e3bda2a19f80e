import type { Fact } from '../../../protocol/explanation.ts';
import type { SequenceIndex } from './sequence-index.ts';

/** A similar training sequence, and the place of the newest item it shares with the query. */
export interface Voter {
  readonly sequence: number;
  readonly from: number;
}

export interface VotingRule {
  /** Whether items before the shared one get votes too. */
  readonly back: boolean;
  /** Items further from it get none. */
  readonly most: number;
}

/** Of how many of the most similar sequences each item gets a vote; nothing is told of items without one. */
export function votingFacts(
  index: SequenceIndex,
  voters: readonly Voter[],
  items: Int32Array,
  rule: VotingRule,
): Fact[][] {
  const counts = new Map(Array.from(items, (item): [number, number] => [item, 0]));
  for (const voter of voters)
    for (const item of votedBy(index, voter, rule)) {
      const count = counts.get(item);
      if (count !== undefined) counts.set(item, count + 1);
    }
  return Array.from(items, (item): Fact[] => {
    const count = counts.get(item) ?? 0;
    return count === 0 ? [] : [{ code: 'in-similar-lists', count, of: voters.length }];
  });
}

function votedBy({ items, bounds }: SequenceIndex, { sequence, from }: Voter, rule: VotingRule): Set<number> {
  const start = rule.back ? Math.max(bounds[sequence] ?? 0, from - rule.most) : from;
  const end = Math.min(bounds[sequence + 1] ?? 0, from + rule.most + 1);
  const voted = new Set(items.subarray(from + 1, end));
  for (const item of items.subarray(start, from)) voted.add(item);
  return voted;
}
