import type { Fact } from '../../../protocol/explanation.ts';

/** Why items have the scores they have after a query. */
export interface Explanation {
  /** What parts of scores are of: members, or groups of features. None where the model's score is no sum. */
  readonly groups: readonly string[];
  /** One for each item asked, undefined where the model has no score for it. */
  readonly items: readonly (ExplainedScore | undefined)[];
}

export interface ExplainedScore {
  /**
   * What each group adds to the score, less what it adds on average to those the item competes with (the candidates of the
   * query): the parts sum to score − mean score. What is the same for all candidates decides nothing, and is no part.
   */
  readonly parts: Float64Array;
  readonly facts: readonly Fact[];
}

/** What members tell of the counts behind each item. */
export function factsOfMembers(
  scorers: readonly { explain?(query: Int32Array, items: Int32Array): Explanation | undefined }[],
  query: Int32Array,
  items: Int32Array,
): Fact[][] {
  const told = scorers.map((scorer) => scorer.explain?.(query, items)?.items ?? []);
  return Array.from(items, (_, i) => differentFacts(told.flatMap((ofItems) => ofItems[i]?.facts ?? [])));
}

/** The first fact of each kind: two of one kind count the same in different ways. */
function differentFacts(facts: readonly Fact[]): Fact[] {
  const kindOf = (fact: Fact): string => (fact.code === 'follows' ? `follows ${fact.items}` : fact.code);
  const first = new Map<string, Fact>();
  for (const fact of facts) if (!first.has(kindOf(fact))) first.set(kindOf(fact), fact);
  return [...first.values()];
}

/** Facts alone: what a model that is no sum tells. */
export function factsAlone(facts: readonly (readonly Fact[])[]): Explanation {
  return { groups: [], items: facts.map((own) => ({ parts: new Float64Array(0), facts: own })) };
}
