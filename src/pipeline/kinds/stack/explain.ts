/** Why the candidates of a query stand where they do: parts of their scores by group of features, and plain facts. */
import type { Fact } from '../../../protocol/explanation.ts';
import { factsOfMembers, type Explanation, type ExplainedScore } from '../ranking/explanation.ts';
import { groupFact, listFact, placesByMembers } from './facts.ts';
import type { QueryView, SeenQuery } from './query-view.ts';
import type { StackMember } from './stack-member.ts';
import type { StackScoring } from './stack-weights.ts';

export interface Explaining {
  readonly members: readonly StackMember[];
  readonly view: QueryView;
  readonly scoring: StackScoring;
  readonly itemGroups: Int32Array | undefined;
}

/** `n-gram` of `n-gram: share after one`: features are named by the member or the group they are of. */
export function groupOfFeature(name: string): string {
  const end = name.indexOf(': ');
  return end < 0 ? name : name.slice(0, end);
}

/**
 * The parts of the scores: Σ over a group's features of (x_f − its mean over the candidates) · what a unit of f is worth for
 * this query, its gates applied. They sum to the score less the mean score of the candidates. Items that are no candidates
 * have none. What members tell of their counts stands beside them.
 */
export function stackExplainer(
  explaining: Explaining,
): (query: Int32Array, items: Int32Array) => Explanation | undefined {
  const { view, scoring } = explaining;
  const names = view.features.names.map(groupOfFeature);
  const groups = [...new Set(names)];
  const groupOf = Int32Array.from(names, (name) => groups.indexOf(name));
  return (query, items) => {
    const seen = view.see(query);
    if (seen === undefined) return undefined;
    const rows = rowsOf(seen.items, items);
    const partsOf = partsBy(seen, scoring.valuesFor(seen.gates), groupOf, groups.length);
    const parts = rows.map((row) => (row < 0 ? undefined : partsOf(row)));
    const places = placesByMembers(view.features, explaining.members, seen, rows);
    // Members count anew for this, so it comes last.
    const facts = factsOf(explaining, query, items);
    return {
      groups,
      items: parts.map((own, i): ExplainedScore | undefined =>
        own === undefined ? undefined : { parts: own, facts: [...(facts[i] ?? []), ...(places[i] ?? [])] },
      ),
    };
  };
}

/** Row of each item among the candidates, −1 for none. */
function rowsOf(candidates: Int32Array, items: Int32Array): number[] {
  const rows = new Map(Array.from(candidates, (item, row): [number, number] => [item, row]));
  return Array.from(items, (item) => rows.get(item) ?? -1);
}

function partsBy(
  { features, items }: SeenQuery,
  values: Float64Array,
  groupOf: Int32Array,
  groupCount: number,
): (row: number) => Float64Array {
  const width = values.length;
  const means = new Float64Array(width);
  for (let at = 0; at < features.length; at++)
    means[at % width] = (means[at % width] ?? 0) + (features[at] ?? 0) / items.length;
  return (row) => {
    const parts = new Float64Array(groupCount);
    for (let f = 0; f < width; f++) {
      const group = groupOf[f] ?? 0;
      const differs = (features[row * width + f] ?? 0) - (means[f] ?? 0);
      parts[group] = (parts[group] ?? 0) + differs * (values[f] ?? 0);
    }
    return parts;
  };
}

function factsOf({ members, itemGroups }: Explaining, query: Int32Array, items: Int32Array): Fact[][] {
  const scorers = members.map(({ scorer }) => scorer);
  const told = factsOfMembers(scorers, query, items);
  return Array.from(items, (item, i) => [
    ...(told[i] ?? []),
    ...listFact(query, item),
    ...(itemGroups === undefined ? [] : groupFact(query, item, itemGroups)),
  ]);
}
