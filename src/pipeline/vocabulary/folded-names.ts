/** The folded names of all items in one buffer of UTF-8: about as many bytes as their letters. */
import { ITEM_SEPARATOR } from '../../protocol/dataset-spec.ts';
import { folded } from '../../protocol/text/fold.ts';

/** Stands for the `|||` between two columns. Folding leaves no control characters, so that no name holds it. */
export const COLUMN_END = 0x1f;
/** After each name, so that nothing that is looked for reaches from one name into the next. */
export const NAME_END = 0x00;

const COLUMN_MARK = String.fromCharCode(COLUMN_END);
/** UTF-8 of one unit of a string. */
const MOST_BYTES = 3;
/** Names between two pauses. */
const BLOCK = 4096;

function markedText(text: string): string {
  return folded(text).replaceAll(ITEM_SEPARATOR, COLUMN_MARK);
}

/** What is looked for in names, as they stand in the buffer. */
export function foldedBytes(text: string): Buffer {
  return Buffer.from(markedText(text));
}

export class FoldedNames {
  readonly count: number;
  readonly bytes: Buffer;
  /** Where each name starts, and the end of the last: count + 1. */
  readonly starts: Uint32Array;

  private constructor(bytes: Buffer, starts: Uint32Array) {
    this.count = starts.length - 1;
    this.bytes = bytes;
    this.starts = starts;
  }

  /** Pauses now and then. @param names by item code */
  static *build(names: readonly string[]): Generator<void, FoldedNames> {
    const starts = new Uint32Array(names.length + 1);
    let bytes = Buffer.alloc(Math.max(1024, 24 * names.length));
    let end = 0;
    for (const [code, name] of names.entries()) {
      const text = markedText(name);
      const needed = end + MOST_BYTES * text.length + 1;
      if (needed > bytes.length) bytes = enlarged(bytes, needed);
      end += bytes.write(text, end);
      bytes[end++] = NAME_END;
      starts[code + 1] = end;
      if (code % BLOCK === 0) yield;
    }
    return new FoldedNames(Buffer.from(bytes.subarray(0, end)), starts);
  }

  /** Of a name, without its end. */
  text(code: number): string {
    return this.bytes.toString('utf8', this.start(code), this.end(code));
  }

  start(code: number): number {
    return this.starts[code] ?? 0;
  }

  /** The place of the name's end. */
  end(code: number): number {
    return (this.starts[code + 1] ?? 1) - 1;
  }

  /** Whether the name, or one of its columns, begins with the text. */
  hasColumnWith(code: number, text: Uint8Array): boolean {
    const end = this.end(code);
    for (let at = this.start(code); at + text.length <= end;) {
      let same = 0;
      while (same < text.length && this.bytes[at + same] === text[same]) same++;
      if (same === text.length) return true;
      const next = this.bytes.indexOf(COLUMN_END, at);
      if (next === -1 || next >= end) return false;
      at = next + 1;
    }
    return false;
  }

  /** The name a place of the buffer belongs to. */
  owner(place: number): number {
    let [low, high] = [0, this.count];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.starts[middle] ?? 0) <= place) low = middle;
      else high = middle;
    }
    return low;
  }
}

function enlarged(bytes: Buffer, needed: number): Buffer<ArrayBuffer> {
  const larger = Buffer.alloc(Math.max(needed, Math.ceil(1.5 * bytes.length)));
  bytes.copy(larger);
  return larger;
}
