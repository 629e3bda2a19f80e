/** Plain facts of candidates that the stack itself knows. */
import type { Fact } from '../../../protocol/explanation.ts';
import type { FeatureSet } from './feature-set.ts';
import { REACH } from './features/group-features.ts';
import type { SeenQuery } from './query-view.ts';
import type { StackMember } from './stack-member.ts';

/** Places of a member's list that are told. */
const TOLD_PLACES = 10;

/** Where an item stands in the query, where it does. */
export function listFact(query: Int32Array, item: number): Fact[] {
  const at = query.lastIndexOf(item);
  if (at < 0) return [];
  const count = query.reduce((sum, other) => sum + (other === item ? 1 : 0), 0);
  return [{ code: 'in-list', lag: query.length - 1 - at, count }];
}

/** How many of the newest items are of the item's group; nothing where none is. */
export function groupFact(query: Int32Array, item: number, groups: Int32Array): Fact[] {
  const group = groups[item] ?? -1;
  if (group < 0) return [];
  const newest = query.subarray(-REACH);
  const count = newest.reduce((sum, other) => sum + (groups[other] === group ? 1 : 0), 0);
  if (count === 0) return [];
  return [{ code: 'same-group', newest: groups[query.at(-1) ?? -1] === group, count, of: newest.length }];
}

/**
 * The place of each row among the candidates by each member's own score, its first feature: the first ten are told, and
 * nothing of a member that scores all alike, or of those it has no score for.
 * @param rows of the candidates, −1: none
 */
export function placesByMembers(
  { memberOf, width }: Pick<FeatureSet, 'memberOf' | 'width'>,
  members: readonly StackMember[],
  { features, items }: Pick<SeenQuery, 'features' | 'items'>,
  rows: readonly number[],
): Fact[][] {
  const told: Fact[][] = rows.map(() => []);
  for (const member of members) {
    const column = memberOf.indexOf(member);
    const scores = Float32Array.from(items, (_, row) => features[row * width + column] ?? 0);
    const least = scores.reduce((low, score) => Math.min(low, score), Infinity);
    rows.forEach((row, i) => {
      const own = scores[row] ?? least;
      const place = 1 + scores.reduce((better, score) => better + (score > own ? 1 : 0), 0);
      if (own > least && place <= TOLD_PLACES)
        told[i]?.push({ code: 'place-by', member: member.name, place });
    });
  }
  return told;
}
