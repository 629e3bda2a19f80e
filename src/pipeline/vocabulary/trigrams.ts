/** For each three bytes in a row the items whose folded names hold them: what finds infixes and misspelt names. */
import { COLUMN_END, NAME_END, type FoldedNames } from './folded-names.ts';

/** Trigrams share this many lists, by a hash; what is found is looked at anyway. */
const LIST_BITS = 17;
const LISTS = 1 << LIST_BITS;
const BLANK = 0x20;
const BLOCK = 8192;

function listOf(a: number, b: number, c: number): number {
  return Math.imul((a << 16) | (b << 8) | c, 0x9e3779b1) >>> (32 - LIST_BITS);
}

const shown = (byte: number): number => (byte === COLUMN_END || byte === NAME_END ? BLANK : byte);

/** Calls for each trigram of the bytes from `start` to `end`, with a blank before and after. */
function eachTrigram(bytes: Uint8Array, start: number, end: number, visit: (list: number) => void): void {
  let [a, b] = [BLANK, shown(bytes[start] ?? 0)];
  for (let i = start + 1; i <= end; i++) {
    const c = i === end ? BLANK : shown(bytes[i] ?? 0);
    visit(listOf(a, b, c));
    [a, b] = [b, c];
  }
}

/** Lists of ascending codes, the differences written seven bits a byte. */
export class Trigrams {
  readonly #heads: Uint32Array;
  readonly #lists: Uint8Array;

  private constructor(heads: Uint32Array, lists: Uint8Array) {
    this.#heads = heads;
    this.#lists = lists;
  }

  get byteLength(): number {
    return this.#heads.byteLength + this.#lists.byteLength;
  }

  static *build(names: FoldedNames): Generator<void, Trigrams> {
    const heads = new Uint32Array(LISTS + 1);
    yield* eachNew(names, (list, step) => {
      heads[list + 1] = (heads[list + 1] ?? 0) + bytesOf(step);
    });
    for (let list = 0; list < LISTS; list++) heads[list + 1] = (heads[list + 1] ?? 0) + (heads[list] ?? 0);
    const lists = new Uint8Array(heads[LISTS] ?? 0);
    const ends = heads.slice();
    yield* eachNew(names, (list, step) => {
      ends[list] = write(lists, ends[list] ?? 0, step);
    });
    return new Trigrams(heads, lists);
  }

  /** The lists of the trigrams of a text, each once, the shortest first. @param whole with the blanks around it */
  listsOf(text: Uint8Array, whole: boolean): number[] {
    const found = new Set<number>();
    if (whole) eachTrigram(text, 0, text.length, (list) => found.add(list));
    for (let i = 2; i < text.length && !whole; i++)
      found.add(listOf(shown(text[i - 2] ?? 0), shown(text[i - 1] ?? 0), shown(text[i] ?? 0)));
    return [...found].sort((a, b) => this.length(a) - this.length(b));
  }

  /** Bytes of a list: about the number of its items. */
  length(list: number): number {
    return (this.#heads[list + 1] ?? 0) - (this.#heads[list] ?? 0);
  }

  /** Calls for each item of a list, in the order of their codes. */
  each(list: number, visit: (code: number) => void): void {
    const end = this.#heads[list + 1] ?? 0;
    let code = -1;
    for (let at = this.#heads[list] ?? 0; at < end;) {
      let [step, shift, byte] = [0, 0, 0x80];
      while (byte >= 0x80) {
        byte = this.#lists[at++] ?? 0;
        step |= (byte & 0x7f) << shift;
        shift += 7;
      }
      code += step;
      visit(code);
    }
  }

  /** Adds one to the number of each item of a list; numbers stop at the largest there is. */
  count(list: number, numbers: Uint8Array): void {
    const lists = this.#lists;
    const end = this.#heads[list + 1] ?? 0;
    let code = -1;
    for (let at = this.#heads[list] ?? 0; at < end;) {
      let byte = lists[at++] ?? 0;
      // Most differences are of one byte.
      let step = byte & 0x7f;
      for (let shift = 7; byte >= 0x80; shift += 7) {
        byte = lists[at++] ?? 0;
        step |= (byte & 0x7f) << shift;
      }
      code += step;
      const before = numbers[code] ?? 0;
      if (before < 255) numbers[code] = before + 1;
    }
  }
}

/** Calls once for each item of each list, with the difference to the list's item before. */
function* eachNew(names: FoldedNames, visit: (list: number, step: number) => void): Generator<void> {
  const last = new Int32Array(LISTS).fill(-1);
  let code = 0;
  const note = (list: number): void => {
    const step = code - (last[list] ?? 0);
    if (step === 0) return;
    last[list] = code;
    visit(list, step);
  };
  for (; code < names.count; code++) {
    eachTrigram(names.bytes, names.start(code), names.end(code), note);
    if (code % BLOCK === 0) yield;
  }
}

function bytesOf(step: number): number {
  return step < 0x80 ? 1 : step < 0x4000 ? 2 : step < 0x20_0000 ? 3 : step < 0x1000_0000 ? 4 : 5;
}

function write(lists: Uint8Array, at: number, step: number): number {
  let rest = step;
  while (rest >= 0x80) {
    lists[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  lists[at] = rest;
  return at + 1;
}
