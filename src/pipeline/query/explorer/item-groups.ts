import type { Catalogue } from '../../data/catalogue.ts';

/** The groups of a model's items, by item code. */
export class ItemGroups {
  readonly #groups: Int32Array | undefined;
  #sizes: Uint32Array | undefined;
  #firsts: Int32Array | undefined;

  constructor({ itemGroups }: Pick<Catalogue, 'itemGroups'>) {
    this.#groups = itemGroups;
  }

  /** −1 where the item has none. */
  of(code: number): number {
    return this.#groups?.[code] ?? -1;
  }

  /** Items of the item's group; undefined where it has none. */
  size(code: number): number | undefined {
    const group = this.of(code);
    this.#sizes ??= sizesOf(this.#groups ?? NONE);
    return group < 0 ? undefined : this.#sizes[group];
  }

  /** The most frequent item of the item's group, after which it can be called; undefined where it has none. */
  first(code: number): number | undefined {
    const group = this.of(code);
    return group < 0 ? undefined : this.firstItems()[group];
  }

  /** The most frequent item of each group. */
  firstItems(): Int32Array {
    return (this.#firsts ??= firstsOf(this.#groups ?? NONE));
  }
}

const NONE = new Int32Array(0);

function sizesOf(groups: Int32Array): Uint32Array {
  const sizes = new Uint32Array(largestOf(groups) + 1);
  for (const group of groups) if (group >= 0) sizes[group] = (sizes[group] ?? 0) + 1;
  return sizes;
}

/** Codes go by descending frequency. */
function firstsOf(groups: Int32Array): Int32Array {
  const firsts = new Int32Array(largestOf(groups) + 1).fill(-1);
  groups.forEach((group, code) => {
    if (group >= 0 && firsts[group] === -1) firsts[group] = code;
  });
  return firsts;
}

function largestOf(groups: Int32Array): number {
  let largest = -1;
  for (const group of groups) largest = Math.max(largest, group);
  return largest;
}
