import { UserError } from '../../protocol/user-error.ts';
import type { PreparedData } from '../data/prepared-data.ts';

/** Queries of one held-out part: each is the start of a sequence and the item that follows it. */
export interface QuerySet {
  /** Flat item codes of all sequences. */
  readonly items: Int32Array;
  /** Query q is `items[starts[q] … targets[q])`, its target `items[targets[q]]`. */
  readonly starts: Uint32Array;
  readonly targets: Uint32Array;
  /** Sequence of each query, counted from 0 within the part; ascending. */
  readonly sequence: Uint32Array;
  readonly sequenceCount: number;
  /**
   * What was drawn to be held out, and so what is resampled: the user of each query where users were split, otherwise
   * its sequence; counted from 0, those with a query only.
   */
  readonly cluster: Uint32Array;
  readonly clusterCount: number;
  /** 1 where the target is the last item of its sequence (by leave-one-out: always). */
  readonly isLast: Uint8Array;
  /** Length of the whole sequence of each query. */
  readonly lengths: Uint32Array;
}

/** What `positions` accepts. */
export const POSITIONS_PATTERN = '^(last|every:[1-9][0-9]{0,5})$';

/**
 * Step between asked positions: `last` gives 0, `every:5` gives 5.
 * @throws UserError when it is neither
 */
export function readPositions(positions: string): number {
  if (!new RegExp(POSITIONS_PATTERN).test(positions)) {
    throw new UserError(`positions is '${positions}'.`, "Give 'last' or 'every:N', for example every:5.");
  }
  return positions === 'last' ? 0 : Number(positions.slice('every:'.length));
}

/**
 * Queries of a part. By leave-one-out each sequence gives one, its target being the last item (test) or the one
 * before it (validation). Otherwise the targets are the last item of each sequence and, with `every:N`, those with
 * N, 2N, 3N … items before them.
 */
export function buildQueries(data: PreparedData, part: 'validation' | 'test', positions: string): QuerySet {
  const step = readPositions(positions);
  const { layout, sequences } = data;
  const { offsets } = sequences;
  if (layout.leaveOneOut) return collect(data, 0, offsets.length - 1, 0, part === 'test' ? 1 : 2);
  const first = part === 'validation' ? layout.train : layout.train + layout.validation;
  return collect(data, first, first + layout[part], step, 1);
}

/** Codes counted anew from 0, in the order in which they first appear. */
function numbered(codes: Uint32Array): Pick<QuerySet, 'cluster' | 'clusterCount'> {
  const numbers = new Map<number, number>();
  const cluster = codes.map((code) => {
    const number = numbers.get(code) ?? numbers.size;
    numbers.set(code, number);
    return number;
  });
  return { cluster, clusterCount: numbers.size };
}

function collect(
  { sequences: { items, offsets }, sequenceClusters }: PreparedData,
  first: number,
  end: number,
  step: number,
  fromEnd: number,
): QuerySet {
  const starts: number[] = [];
  const targets: number[] = [];
  const sequence: number[] = [];
  const isLast: number[] = [];
  const lengths: number[] = [];
  for (let s = first; s < end; s++) {
    const from = offsets[s] ?? 0;
    const length = (offsets[s + 1] ?? 0) - from;
    const last = length - fromEnd;
    const add = (before: number): void => {
      starts.push(from);
      targets.push(from + before);
      sequence.push(s - first);
      isLast.push(before === last ? 1 : 0);
      lengths.push(length);
    };
    if (step > 0) for (let before = step; before < last; before += step) add(before);
    if (last >= 1) add(last);
  }
  return {
    items,
    starts: Uint32Array.from(starts),
    targets: Uint32Array.from(targets),
    sequence: Uint32Array.from(sequence),
    sequenceCount: end - first,
    ...numbered(Uint32Array.from(sequence, (s) => sequenceClusters?.[first + s] ?? s)),
    isLast: Uint8Array.from(isLast),
    lengths: Uint32Array.from(lengths),
  };
}

/** Some queries of a set, and the sequences they come from, numbered anew. @param chosen their numbers, ascending */
export function someQueries(queries: QuerySet, chosen: Uint32Array): QuerySet {
  const pick = (values: Uint32Array): Uint32Array => chosen.map((q) => values[q] ?? 0);
  const sequence = pick(queries.sequence);
  let [number, previous] = [-1, -1];
  for (const [q, s] of sequence.entries()) {
    if (s !== previous) number++;
    previous = s;
    sequence[q] = number;
  }
  return {
    items: queries.items,
    starts: pick(queries.starts),
    targets: pick(queries.targets),
    sequence,
    sequenceCount: number + 1,
    ...numbered(pick(queries.cluster)),
    isLast: Uint8Array.from(chosen, (q) => queries.isLast[q] ?? 0),
    lengths: pick(queries.lengths),
  };
}

/** The items before the target of query q, oldest first. */
export function queryItems(queries: QuerySet, q: number): Int32Array {
  return queries.items.subarray(queries.starts[q] ?? 0, queries.targets[q] ?? 0);
}

/** The item that follows query q. */
export function targetOf(queries: QuerySet, q: number): number {
  return queries.items[queries.targets[q] ?? 0] ?? -1;
}
