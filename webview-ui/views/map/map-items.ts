/** The items of a map, by row. */
import { ITEM_SEPARATOR } from '../../../src/protocol/dataset-spec.ts';
import type { MapItems as Told } from '../../../src/protocol/panels/map.ts';
import { folded } from '../../../src/protocol/text/fold.ts';
import { bytesOf, countsOf, integersOf } from '../../kit/bytes.ts';

export class MapItems {
  readonly told: Told;
  readonly count: number;
  /** Item code of each row. */
  readonly codes: Int32Array;
  /** Training rows. */
  readonly counts: Uint32Array;
  /** −1 for none; absent where the data have no groups. */
  readonly groups: Int32Array | undefined;
  readonly #names: Uint8Array;
  readonly #ends: Uint32Array;
  readonly #decoder = new TextDecoder();
  readonly #rowOf = new Map<number, number>();
  readonly #groupRows = new Map<number, number>();
  #folded: string[] | undefined;
  #rowOfName: Map<string, number> | undefined;

  /** @throws Error where the arrays do not fit each other */
  constructor(told: Told) {
    this.told = told;
    this.count = told.items;
    this.codes = integersOf(told.codes);
    this.counts = countsOf(told.counts);
    this.#names = bytesOf(told.names);
    this.#ends = countsOf(told.nameEnds);
    this.groups = told.groups === undefined ? undefined : integersOf(told.groups.codes);
    for (const array of [this.codes, this.counts, this.#ends, this.groups])
      if (array !== undefined && array.length !== this.count)
        throw new Error('the arrays of the items disagree');
    this.codes.forEach((code, row) => this.#rowOf.set(code, row));
    this.groups?.forEach((group, row) => {
      if (!this.#groupRows.has(group)) this.#groupRows.set(group, row);
    });
  }

  name(row: number): string {
    const start = row === 0 ? 0 : (this.#ends[row - 1] ?? 0);
    return this.#decoder.decode(this.#names.subarray(start, this.#ends[row] ?? start));
  }

  rowOf(code: number): number | undefined {
    return this.#rowOf.get(code);
  }

  /** The group's own part of its items' names; undefined where they have none. */
  groupName(group: number): string | undefined {
    const part = this.told.groups?.part;
    return part === undefined ? undefined : this.name(this.groupRow(group)).split(ITEM_SEPARATOR)[part];
  }

  /** The row of the group's most frequent item. */
  groupRow(group: number): number {
    return this.#groupRows.get(group) ?? 0;
  }

  /** The rows of some names; undefined for one that is not on the map. */
  rowsOf(names: readonly string[]): (number | undefined)[] {
    // Of a million names an index takes a second, and most maps never need it.
    if (names.length === 0) return [];
    this.#rowOfName ??= new Map(Array.from({ length: this.count }, (_, row) => [this.name(row), row]));
    return names.map((name) => this.#rowOfName?.get(name));
  }

  /** Rows whose name holds the text, whatever its case and accents: the most frequent first. */
  search(text: string): number[] {
    const wanted = searched(text);
    if (wanted === '') return [];
    this.#folded ??= Array.from({ length: this.count }, (_, row) => searched(this.name(row)));
    const rows: number[] = [];
    for (let row = 0; row < this.count; row++)
      if (this.#folded[row]?.includes(wanted) === true) rows.push(row);
    return rows;
  }
}

/** As a search sees it: columns apart by a blank. */
function searched(text: string): string {
  return folded(text.replaceAll(ITEM_SEPARATOR, ' '));
}
