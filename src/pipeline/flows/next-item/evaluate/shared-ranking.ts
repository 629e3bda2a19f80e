/** Queries that threads rank together, in memory they share: each takes some, and writes ranks to the places of their numbers. */
import type { QueryRule } from '../../../../protocol/report.ts';
import type { SeenItems } from '../../../kinds/ranking/ranker.ts';
import type { AskedPlaces } from '../../../metrics/queries.ts';
import type { RecommendedSums } from '../../../metrics/recommended-items.ts';
import type { RuleRanks } from './rule-ranks.ts';

/** What a thread is given when it starts. */
export interface RankWorkerData {
  /** Of the package, whose files are known to be what was written. */
  readonly folder: string;
  readonly allKnown: boolean;
  /** See `RecommendedItems`. */
  readonly trainCounts: Uint32Array;
  readonly catalogue: Uint8Array;
}

export interface SharedRanking {
  readonly queries: AskedPlaces;
  readonly ranks: RuleRanks;
  /** Numbers of the queries to rank. */
  readonly numbers: Uint32Array;
  /** Queries that a thread takes at a time. */
  readonly together: number;
  /** How the queries' top lists are gathered; absent: they are not. */
  readonly seen?: SeenItems;
  readonly control: Int32Array;
}

/** What a thread answers when no queries are left. */
export interface RankedShare {
  readonly recommended?: RecommendedSums;
}

/** Places in `control`: the next query to take, the number of those done, and whether to stop. */
const [NEXT, DONE, STOP] = [0, 1, 2];

export function sharedRanking(
  queries: AskedPlaces,
  rule: QueryRule,
  { numbers, together, seen }: { numbers: Uint32Array; together: number; seen: SeenItems | undefined },
): SharedRanking {
  const size = queries.targets.length;
  return {
    queries: sharedPlaces(queries),
    ranks: {
      rule,
      kept: integers(size),
      removed: integers(size),
      unknown: new Uint8Array(new SharedArrayBuffer(size)),
    },
    numbers: sharedCopy(numbers),
    together,
    ...(seen === undefined ? {} : { seen }),
    control: integers(3),
  };
}

function integers(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
}

function sharedCopy(values: Uint32Array): Uint32Array {
  const copy = new Uint32Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}

/** Of the sequences only the stretch that holds the queries. */
function sharedPlaces({ items, starts, targets }: AskedPlaces): AskedPlaces {
  const first = starts.reduce((least, start) => Math.min(least, start), items.length);
  const end = targets.reduce((most, target) => Math.max(most, target + 1), first);
  const stretch = integers(end - first);
  stretch.set(items.subarray(first, end));
  return {
    items: stretch,
    starts: sharedCopy(starts.map((start) => start - first)),
    targets: sharedCopy(targets.map((target) => target - first)),
  };
}

/** Numbers of queries that nobody else takes; undefined where none are left. */
export function takeQueries({ numbers, together, control }: SharedRanking): number[] | undefined {
  if (Atomics.load(control, STOP) !== 0) return undefined;
  const first = Atomics.add(control, NEXT, together);
  return first < numbers.length ? [...numbers.subarray(first, first + together)] : undefined;
}

/** @returns the number of queries that all threads have done */
export function countDone({ control }: SharedRanking, count: number): number {
  return Atomics.add(control, DONE, count) + count;
}

/** Nobody takes further queries. */
export function stopRanking({ control }: SharedRanking): void {
  Atomics.store(control, STOP, 1);
}
