/** Queries that threads look at, in memory they share: each takes the next few. */
export interface SharedLooking {
  /** Item codes of all queries, one after the other. */
  readonly items: Int32Array;
  /** First item of each query, and the end of the last. */
  readonly bounds: Uint32Array;
  /** Item code of each query's target. */
  readonly targets: Int32Array;
  readonly control: Int32Array;
}

/** Some queries, those that nobody else takes. */
export interface Chunk {
  /** From 0. */
  readonly number: number;
  readonly queries: readonly Int32Array[];
  readonly targets: Int32Array;
}

/** Queries looked at together. */
const TOGETHER = 64;
/** Places in `control`: the next chunk to take, and whether to stop. */
const [NEXT, STOP] = [0, 1];
const BYTES = Int32Array.BYTES_PER_ELEMENT;

export function sharedLooking(queries: readonly Int32Array[], targets: Int32Array): SharedLooking {
  const bounds = new Uint32Array(new SharedArrayBuffer((queries.length + 1) * BYTES));
  queries.forEach((query, q) => (bounds[q + 1] = (bounds[q] ?? 0) + query.length));
  const items = new Int32Array(new SharedArrayBuffer((bounds.at(-1) ?? 0) * BYTES));
  queries.forEach((query, q) => items.set(query, bounds[q]));
  const ownTargets = new Int32Array(new SharedArrayBuffer(targets.byteLength));
  ownTargets.set(targets);
  return { items, bounds, targets: ownTargets, control: new Int32Array(new SharedArrayBuffer(2 * BYTES)) };
}

/** Undefined where none are left. */
export function takeChunk({ items, bounds, targets, control }: SharedLooking): Chunk | undefined {
  if (Atomics.load(control, STOP) !== 0) return undefined;
  const number = Atomics.add(control, NEXT, 1);
  const first = number * TOGETHER;
  if (first >= targets.length) return undefined;
  const own = targets.slice(first, first + TOGETHER);
  const queries = Array.from(own, (_, q) => items.slice(bounds[first + q], bounds[first + q + 1]));
  return { number, queries, targets: own };
}

/** Nobody takes further queries. */
export function stopLooking({ control }: SharedLooking): void {
  Atomics.store(control, STOP, 1);
}
