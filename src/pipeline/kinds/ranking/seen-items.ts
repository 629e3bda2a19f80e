/** From this length on the different items of a query are told once for all queries of its sequence. */
const LONG = 10_000;
/** Sequences whose items are remembered. */
const REMEMBERED = 16;

/** The different items at the beginning of a long sequence, in the order in which they first appear. */
class Beginning {
  private readonly known = new Set<number>();
  private items = new Int32Array(1024);
  private firsts = new Int32Array(1024);
  private scanned = 0;

  /** Of the first `query.length` items; queries of one sequence differ in length alone. */
  itemsOf(query: Int32Array): Int32Array {
    for (; this.scanned < query.length; this.scanned++) this.look(query[this.scanned] ?? -1);
    return this.items.subarray(0, this.before(query.length));
  }

  private look(item: number): void {
    const at = this.known.size;
    if (this.known.add(item).size === at) return;
    if (at === this.items.length) {
      this.items = doubled(this.items);
      this.firsts = doubled(this.firsts);
    }
    this.items[at] = item;
    this.firsts[at] = this.scanned;
  }

  /** How many items first appear before a position, by bisection. */
  private before(position: number): number {
    let [low, high] = [0, this.known.size];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.firsts[middle] ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

/** By the memory sequences lie in, and where they begin there: sequences are never written once they are read. */
const beginnings = new WeakMap<ArrayBufferLike, Map<number, Beginning>>();

function beginningOf({ buffer, byteOffset }: Int32Array): Beginning {
  const known = beginnings.get(buffer) ?? new Map<number, Beginning>();
  beginnings.set(buffer, known);
  const beginning = known.get(byteOffset) ?? new Beginning();
  known.delete(byteOffset);
  known.set(byteOffset, beginning);
  const [oldest] = known.keys();
  if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest);
  return beginning;
}

/**
 * The items a query holds, for what asks only whether it holds them: the query as it is, or of a very long one each item
 * once, so that a session of a million events does not cost a million steps a query.
 */
export function seenItems(query: Int32Array): Int32Array {
  return query.length <= LONG ? query : beginningOf(query).itemsOf(query);
}

/** The same, and each item once in any case. */
export function differentItems(query: Int32Array): Iterable<number> {
  const items = seenItems(query);
  return items === query ? new Set(items) : items;
}
