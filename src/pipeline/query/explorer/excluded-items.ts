import type { ExcludedGroup } from '../../../protocol/engine/explorer.ts';
import { groupName, type AskedModel } from './asked-model.ts';

/** What is left out of a model's lists. */
export interface ExcludedItems {
  /** Codes of groups; and of items that have no group, which are left out alone. */
  readonly groups: ReadonlySet<number>;
  readonly codes: ReadonlySet<number>;
  readonly unknownGroups: readonly string[];
}

/** Finds the groups that are left out by their items; where the model has no such item, by what they are called. */
export function excludedItems(asked: AskedModel, exclude: readonly ExcludedGroup[]): ExcludedItems {
  const groups = new Set<number>();
  const codes = new Set<number>();
  const sought = new Set<string>();
  for (const { item, group } of exclude) {
    // A group that is called after an item is the group of that item.
    const code = asked.names.code(item) ?? asked.names.code(group);
    if (code === undefined) sought.add(group);
    else if (asked.groups.of(code) < 0) codes.add(code);
    else groups.add(asked.groups.of(code));
  }
  for (const group of groupsCalled(asked, sought)) groups.add(group);
  return { groups, codes, unknownGroups: [...sought] };
}

/** Groups by what they are called. @param sought of which those that are found are taken out */
function groupsCalled(asked: AskedModel, sought: Set<string>): number[] {
  if (sought.size === 0) return [];
  const found: number[] = [];
  for (const code of asked.groups.firstItems())
    if (code >= 0 && sought.delete(groupName(asked, code) ?? '')) found.push(asked.groups.of(code));
  return found;
}
