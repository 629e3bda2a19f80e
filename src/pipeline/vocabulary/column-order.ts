/** All columns of all names in the order of their bytes, so that a prefix is a range. */
import { COLUMN_END, NAME_END, type FoldedNames } from './folded-names.ts';
import { sortByBytes } from './sort-by-bytes.ts';

const BLOCK = 65_536;

export interface Range {
  readonly from: number;
  readonly to: number;
}

export class ColumnOrder {
  readonly #names: FoldedNames;
  /** Where each column starts in the buffer, sorted by what stands there up to the end of the name. */
  readonly #places: Uint32Array;
  /** The item code of each place. */
  readonly owners: Uint32Array;

  private constructor(names: FoldedNames, places: Uint32Array, owners: Uint32Array) {
    this.#names = names;
    this.#places = places;
    this.owners = owners;
  }

  get byteLength(): number {
    return this.#places.byteLength + this.owners.byteLength;
  }

  static *build(names: FoldedNames): Generator<void, ColumnOrder> {
    const places = columnStarts(names.bytes);
    yield;
    yield* sortByBytes(names.bytes, places);
    const owners = new Uint32Array(places.length);
    for (let i = 0; i < places.length; i++) {
      owners[i] = names.owner(places[i] ?? 0);
      if (i % BLOCK === 0) yield;
    }
    return new ColumnOrder(names, places, owners);
  }

  /** Columns that begin with the text; it may reach over the ends of columns. */
  startingWith(text: Uint8Array): Range {
    return { from: this.#first(text, false), to: this.#first(text, true) };
  }

  /** Where in a range of columns that begin with a text those end that are it: ends come before all letters. */
  endOfSame({ from, to }: Range, length: number): number {
    let at = from;
    while (at < to && this.#endsAfter(at, length)) at++;
    return at;
  }

  #endsAfter(at: number, length: number): boolean {
    const next = this.#names.bytes[(this.#places[at] ?? 0) + length];
    return next === COLUMN_END || next === NAME_END;
  }

  /** Place of the first column that is not before the text; or, `after`, before what begins with it. */
  #first(text: Uint8Array, after: boolean): number {
    let [low, high] = [0, this.#places.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = this.#compare(this.#places[middle] ?? 0, text);
      if (order < 0 || (after && order === 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** 0: what stands at the place begins with the text. */
  #compare(place: number, text: Uint8Array): number {
    const { bytes } = this.#names;
    for (let i = 0; i < text.length; i++) {
      const difference = (bytes[place + i] ?? 0) - (text[i] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }
}

function columnStarts(bytes: Uint8Array): Uint32Array {
  let count = 0;
  for (const byte of bytes) if (byte === COLUMN_END || byte === NAME_END) count++;
  const places = new Uint32Array(count);
  let start = 0;
  let at = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte !== COLUMN_END && byte !== NAME_END) continue;
    places[at++] = start;
    start = i + 1;
  }
  return places;
}
