/** The newest items of a query whose groups count. */
export const REACH = 50;

/**
 * Items of the groups (artists) that a query's newest items are of, those of the group with most of them first, however
 * rare they are: other models say little of items with few training rows.
 */
export class GroupCandidates {
  private readonly groups: Int32Array;
  private readonly members = new Map<number, number[]>();

  /**
   * @param groups group of each item, −1 for none
   * @param recommended 1 for each item that may be recommended
   * @param trainCounts training rows of each item: the most frequent of a group come first
   * @param ties place of each item in the random order of those that are as frequent
   */
  constructor(groups: Int32Array, recommended: Uint8Array, trainCounts: Uint32Array, ties: Uint32Array) {
    this.groups = groups;
    groups.forEach((group, item) => {
      if (group < 0 || recommended[item] !== 1) return;
      const known = this.members.get(group);
      if (known === undefined) this.members.set(group, [item]);
      else known.push(item);
    });
    for (const items of this.members.values())
      items.sort((a, b) => (trainCounts[b] ?? 0) - (trainCounts[a] ?? 0) || (ties[a] ?? 0) - (ties[b] ?? 0));
  }

  /** Item codes of a group, the most frequent first. */
  membersOf(group: number): readonly number[] {
    return this.members.get(group) ?? [];
  }

  /**
   * @param isRemoved tells items that are no candidates
   * @returns item codes, at most `depth`
   */
  of(query: Int32Array, depth: number, isRemoved: (item: number) => boolean): number[] {
    const counts = new Map<number, number>();
    for (const item of query.subarray(-REACH).toReversed()) {
      const group = this.groups[item] ?? -1;
      if (group >= 0) counts.set(group, (counts.get(group) ?? 0) + 1);
    }
    const order = [...counts].sort(([, a], [, b]) => b - a);
    const found: number[] = [];
    for (const [group] of order)
      for (const item of this.membersOf(group)) {
        if (found.length === depth) return found;
        if (!isRemoved(item)) found.push(item);
      }
    return found;
  }
}
