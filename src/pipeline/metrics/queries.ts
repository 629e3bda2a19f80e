import { UserError } from '../../protocol/user-error.ts';
import type { PreparedData } from '../data/prepared-data.ts';
import { seedFor, shuffled } from '../seeded-random.ts';

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
  /** Sequences of which only some positions are asked, because they have too many. */
  readonly cutSequences: number;
  /** 1 where the target is the last item of its sequence (by leave-one-out: always). */
  readonly isLast: Uint8Array;
  /** Length of the whole sequence of each query. */
  readonly lengths: Uint32Array;
}

/** Where queries and their targets stand. */
export type AskedPlaces = Pick<QuerySet, 'items' | 'starts' | 'targets'>;

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

/** How many queries one sequence may give, lest it decides all figures by itself. */
export interface QueryCap {
  /** 0: as many as it has. */
  readonly queriesPerSequence: number;
  /** Draws the positions of longer sequences. */
  readonly seed: number;
}

/**
 * Queries of a part. By leave-one-out each sequence gives one, its target being the last item (test) or the one
 * before it (validation). Otherwise the targets are the last item of each sequence and, with `every:N`, those with
 * N, 2N, 3N … items before them. Of a sequence with more positions than `cap` allows, the last and a seeded sample of
 * the others.
 */
export function buildQueries(
  data: PreparedData,
  part: 'validation' | 'test',
  positions: string,
  cap?: QueryCap,
): QuerySet {
  const step = readPositions(positions);
  const { layout, sequences } = data;
  const { offsets } = sequences;
  if (layout.leaveOneOut)
    return collect(data, { first: 0, end: offsets.length - 1, fromEnd: part === 'test' ? 1 : 2 });
  const first = part === 'validation' ? layout.train : layout.train + layout.validation;
  const asked = (length: number, s: number): AskedPositions =>
    askedPositions(length - 1, step, cap, `${part}/${s}`);
  return collect(data, { first, end: first + layout[part], fromEnd: 1, asked });
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

interface AskedPositions {
  /** Numbers of items before each target but the last one, ascending. */
  readonly befores: Uint32Array;
  /** Whether others were left out. */
  readonly cut: boolean;
}

const LAST_ONLY: AskedPositions = { befores: new Uint32Array(0), cut: false };

/** step, 2·step, … below `last`, or as many of these as the cap leaves beside the last target. */
function askedPositions(
  last: number,
  step: number,
  cap: QueryCap | undefined,
  place: string,
): AskedPositions {
  if (step === 0) return LAST_ONLY;
  const count = Math.max(0, Math.ceil(last / step) - 1);
  const most = (cap?.queriesPerSequence ?? 0) - 1;
  if (cap === undefined || most < 0 || count <= most)
    return { befores: Uint32Array.from({ length: count }, (_, i) => (i + 1) * step), cut: false };
  const chosen = shuffled(count, seedFor(cap.seed, `queries/${place}`))
    .subarray(0, most)
    .sort();
  return { befores: chosen.map((i) => (i + 1) * step), cut: true };
}

interface Stretch {
  readonly first: number;
  readonly end: number;
  /** Place of the last target, counted from the sequence's end. */
  readonly fromEnd: number;
  /** Targets before it. @param s the sequence's number within the part */
  readonly asked?: (length: number, s: number) => AskedPositions;
}

function collect(
  { sequences: { items, offsets }, sequenceClusters }: PreparedData,
  { first, end, fromEnd, asked }: Stretch,
): QuerySet {
  const starts: number[] = [];
  const targets: number[] = [];
  const sequence: number[] = [];
  const isLast: number[] = [];
  const lengths: number[] = [];
  let cutSequences = 0;
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
    const { befores, cut } = asked?.(length, s - first) ?? LAST_ONLY;
    for (const before of befores) add(before);
    if (cut) cutSequences++;
    if (last >= 1) add(last);
  }
  return {
    items,
    starts: Uint32Array.from(starts),
    targets: Uint32Array.from(targets),
    sequence: Uint32Array.from(sequence),
    sequenceCount: end - first,
    ...numbered(Uint32Array.from(sequence, (s) => sequenceClusters?.[first + s] ?? s)),
    cutSequences,
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
    cutSequences: queries.cutSequences,
    isLast: Uint8Array.from(chosen, (q) => queries.isLast[q] ?? 0),
    lengths: pick(queries.lengths),
  };
}

/** The items before the target of query q, oldest first. */
export function queryItems(queries: AskedPlaces, q: number): Int32Array {
  return queries.items.subarray(queries.starts[q] ?? 0, queries.targets[q] ?? 0);
}

/** The item that follows query q. */
export function targetOf(queries: AskedPlaces, q: number): number {
  return queries.items[queries.targets[q] ?? 0] ?? -1;
}
