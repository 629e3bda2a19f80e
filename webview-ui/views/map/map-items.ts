/** The items of a map, by row. */
import { ITEM_SEPARATOR } from '../../../src/protocol/dataset-spec.ts';
import type { MapItems as Told } from '../../../src/protocol/panels/map.ts';
import { folded } from '../../../src/protocol/text/fold.ts';
import { countsOf, integersOf } from '../../kit/bytes.ts';
import { joined } from './row-parts.ts';

/** What each part tells of all items. */
type Head = Omit<Told, 'from' | 'codes' | 'names' | 'nameEnds' | 'counts' | 'groups'> & {
  readonly groups?: { readonly part?: number | undefined } | undefined;
};

export class MapItems {
  readonly told: Head;
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

  /** @param parts all of them @throws Error where their arrays do not fit each other */
  constructor(parts: readonly Told[]) {
    const [told] = parts;
    if (told === undefined) throw new Error('no part of the items');
    this.told = told;
    this.count = told.items;
    this.codes = integersOf(joined(parts.map(({ codes }) => codes)));
    this.counts = countsOf(joined(parts.map(({ counts }) => counts)));
    this.#names = joined(parts.map(({ names }) => names));
    this.#ends = endsOf(parts);
    const groups = parts.flatMap((part) => part.groups?.codes ?? []);
    this.groups = told.groups === undefined ? undefined : integersOf(joined(groups));
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

/** Where each name ends among those of all parts. */
function endsOf(parts: readonly Told[]): Uint32Array {
  let [row, start] = [0, 0];
  const ends = countsOf(joined(parts.map(({ nameEnds }) => nameEnds)));
  for (const { nameEnds } of parts) {
    const last = row + countsOf(nameEnds).length;
    for (; row < last; row++) ends[row] = (ends[row] ?? 0) + start;
    start = ends[last - 1] ?? start;
  }
  return ends;
}

/** As a search sees it: columns apart by a blank. */
function searched(text: string): string {
  return folded(text.replaceAll(ITEM_SEPARATOR, ' '));
}
