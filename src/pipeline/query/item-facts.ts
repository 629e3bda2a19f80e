import { ITEM_SEPARATOR, type DatasetSpec } from '../../protocol/dataset-spec.ts';
import type { ItemNames } from '../model/item-names.ts';
import type { OpenModel } from '../model/open-model.ts';

/** What is known of an item beside what a model says of it. */
export interface ItemFact {
  readonly item: string;
  readonly trainRows: number;
  /** 1: no item has more training rows. */
  readonly rank: number;
  /** Of the column that groups items, its value, where it is one of the item's own. */
  readonly group?: string;
}

export class ItemFacts {
  readonly #model: OpenModel;
  readonly #names: ItemNames;
  readonly #groupAt: number;
  readonly #columns: number;
  /** Training rows of all items, ascending. */
  #sorted: Uint32Array | undefined;

  constructor(model: OpenModel, names: ItemNames, spec: Pick<DatasetSpec, 'item' | 'group'>) {
    this.#model = model;
    this.#names = names;
    this.#columns = spec.item.length;
    this.#groupAt = spec.item.length < 2 || spec.group === undefined ? -1 : spec.item.indexOf(spec.group);
  }

  of(code: number): ItemFact {
    const item = this.#names.name(code);
    const trainRows = this.#model.catalogue.trainCounts[code] ?? 0;
    const group = this.group(code);
    return { item, trainRows, rank: this.#rank(trainRows), ...(group === undefined ? {} : { group }) };
  }

  /** `ItemFact.group`. A value may hold what joins the columns: then nobody can tell where one ends. */
  group(code: number): string | undefined {
    if (this.#groupAt < 0) return undefined;
    const values = this.#names.name(code).split(ITEM_SEPARATOR);
    return values.length === this.#columns ? values[this.#groupAt] : undefined;
  }

  #rank(rows: number): number {
    const sorted = (this.#sorted ??= this.#model.catalogue.trainCounts.slice().sort());
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle] ?? 0) <= rows) low = middle + 1;
      else high = middle;
    }
    return sorted.length - low + 1;
  }
}
