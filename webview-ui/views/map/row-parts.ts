/** What comes in parts of rows, in order, until it is whole. */
import { bytesOf } from '../../kit/bytes.ts';
import type { Bytes } from '../../../src/protocol/panels/bytes.ts';

export class RowParts<T> {
  #parts: T[] = [];
  #rows = 0;

  /**
   * Takes the part that begins at a row. What goes on from other rows than were taken last is of an earlier telling and is
   * left alone; a part from row 0 begins anew.
   * @param of rows there are in all
   * @returns all parts, once the last of them is there
   * @throws Error where they hold more
   */
  take(part: T, from: number, rows: number, of: number): readonly T[] | undefined {
    if (from === 0) this.#clear();
    else if (from !== this.#rows) return undefined;
    this.#parts.push(part);
    this.#rows += rows;
    if (this.#rows < of) return undefined;
    const [parts, told] = [this.#parts, this.#rows];
    this.#clear();
    if (told > of) throw new Error(`${told} rows of ${of}`);
    return parts;
  }

  #clear(): void {
    this.#parts = [];
    this.#rows = 0;
  }
}

/** One after another. */
export function joined(parts: readonly Bytes[]): Uint8Array<ArrayBuffer> {
  const arrays = parts.map(bytesOf);
  const [first] = arrays;
  if (first !== undefined && arrays.length === 1) return first;
  const whole = new Uint8Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    whole.set(array, at);
    at += array.length;
  }
  return whole;
}
