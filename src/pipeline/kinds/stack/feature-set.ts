import type { Catalogue } from '../../data/catalogue.ts';
import type { FeatureGroup } from './features/feature-group.ts';
import { groupFeatures } from './features/group-features.ts';
import { itemFeatures, type ItemTable } from './features/item-features.ts';
import { memberFeatures } from './features/member-features.ts';
import { repeatFeatures } from './features/repeat-features.ts';
import { vectorFeatures } from './features/vector-features.ts';
import { fillQueryGates, QUERY_GATES } from './gates.ts';
import type { StackMember } from './stack-member.ts';

/** All features of a stack side by side, and the gates. */
export class FeatureSet {
  readonly names: readonly string[];
  readonly gateNames: readonly string[];
  /** The member a feature is of, by place among the features; undefined: of none. */
  readonly memberOf: readonly (StackMember | undefined)[];
  private readonly groups: readonly FeatureGroup[];
  private readonly trainCounts: Uint32Array;
  private part = new Float32Array(0);

  constructor(groups: readonly FeatureGroup[], trainCounts: Uint32Array) {
    this.groups = groups;
    this.trainCounts = trainCounts;
    this.names = groups.flatMap(({ names }) => names);
    this.gateNames = [...QUERY_GATES, ...groups.flatMap(({ gates = [] }) => gates)];
    this.memberOf = groups.flatMap(({ names, member }) => names.map(() => member));
  }

  get width(): number {
    return this.names.length;
  }

  /**
   * @param query which members were asked about
   * @param out items × width, all of it is filled
   * @param gates one number for each of `gateNames`
   */
  fill(query: Int32Array, items: Int32Array, out: Float32Array, gates: Float32Array): void {
    fillQueryGates(query, this.trainCounts, gates);
    let column = 0;
    let gate = QUERY_GATES.length;
    for (const group of this.groups) {
      const size = group.names.length;
      const own = group.gates?.length ?? 0;
      if (this.part.length < items.length * size) this.part = new Float32Array(2 * items.length * size);
      group.fill(query, items, this.part, gates.subarray(gate, gate + own));
      this.place(items.length, size, column, out);
      column += size;
      gate += own;
    }
  }

  private place(rows: number, size: number, column: number, out: Float32Array): void {
    const { part, width } = this;
    const step = width - size;
    for (let from = 0, to = column; from < rows * size; to += step)
      for (const end = from + size; from < end; from++, to++) out[to] = part[from] ?? 0;
  }
}

export interface FeatureSources {
  readonly members: readonly StackMember[];
  readonly table: ItemTable;
  readonly catalogue: Pick<Catalogue, 'trainCounts' | 'itemGroups'>;
  /** Repeats tell nothing where seen items are not recommended. */
  readonly seenRemoved: boolean;
}

/** The features that the data and the members allow. */
export function featuresOf({ members, table, catalogue, seenRemoved }: FeatureSources): FeatureSet {
  const { trainCounts, itemGroups } = catalogue;
  const similar = members.flatMap(({ name, scorer: { vectors } }) =>
    vectors?.products === undefined ? [] : [vectorFeatures(name, vectors.products)],
  );
  return new FeatureSet(
    [
      ...memberFeatures(members),
      itemFeatures(table),
      ...(seenRemoved ? [] : [repeatFeatures(trainCounts.length)]),
      ...similar.slice(0, 1),
      ...(itemGroups === undefined ? [] : [groupFeatures(itemGroups)]),
    ],
    trainCounts,
  );
}
