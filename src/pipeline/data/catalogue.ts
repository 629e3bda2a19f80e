import type { PreparedData } from './prepared-data.ts';

/** What is known of the items without any sequence; arrays are by item code. */
export interface Catalogue {
  /** Training rows of each item. */
  readonly trainCounts: Uint32Array;
  /** Group (artist, category) of each item, −1 for none; absent where the data have no groups. */
  readonly itemGroups?: Int32Array;
  readonly groupCount: number;
  /** 1 for each item that may be recommended: those known at training time. */
  readonly known: Uint8Array;
}

/** That of prepared data. */
export function catalogueOf({ trainCounts, itemGroups, layout, catalogue }: PreparedData): Catalogue {
  const groups = itemGroups === undefined ? {} : { itemGroups };
  return { trainCounts, ...groups, groupCount: layout.groupCount, known: catalogue };
}

/** The same where any item may be recommended, also one that only held-out rows hold. */
export function withAllKnown(catalogue: Catalogue): Catalogue {
  return { ...catalogue, known: new Uint8Array(catalogue.known.length).fill(1) };
}
