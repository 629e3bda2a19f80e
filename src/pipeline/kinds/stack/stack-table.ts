/** Validation queries as weights are fitted on them: candidates with features, gates, and which one was the target. */
import type { ValidationSample } from '../fitting/validation-sample.ts';
import { besideThreads } from '../../wasm/beside-threads.ts';
import { FeatureRows } from './feature-rows.ts';
import { lookAt, type LookedAt } from './look-at.ts';
import type { LookedChunk, Looking } from './looking-threads.ts';
import type { QueryView } from './query-view.ts';
import { sharedLooking, stopLooking, takeChunk, type SharedLooking } from './shared-looking.ts';

export interface StackTable {
  readonly width: number;
  readonly gateCount: number;
  /** Candidates of all queries, one after the other: × width. */
  readonly features: Float32Array;
  /** The kernel's memory that they lie in; absent: they lie elsewhere. */
  readonly memory?: WebAssembly.Memory;
  /** First candidate of each query, and the end of the last; of a query whose target is none of them none are kept. */
  readonly bounds: Uint32Array;
  /** Queries × gateCount. */
  readonly gates: Float32Array;
  /** Place of the target among the query's candidates, −1 where it is none of them: a miss. */
  readonly targets: Int32Array;
  readonly cluster: Uint32Array;
}

export interface TableRequest {
  /** 1 for each item that may be recommended. */
  readonly recommended: Uint8Array;
  /** Queries that are looked at, at most: those whose target may be recommended. */
  readonly queries: number;
  /** What looking at them may cost, by `workOf`. */
  readonly work: number;
  /** Numbers of features that are kept, at most. */
  readonly most: number;
  /** Starts threads that look at so many queries beside this one; undefined: this one does it alone. */
  readonly threads: (queries: number) => Looking | undefined;
  readonly progress: (done: number, total: number) => void;
  readonly pause: () => Promise<void>;
}

export interface BuiltTable {
  readonly table: StackTable;
  /** Whether queries were left out because there was no room. */
  readonly full: boolean;
}

/** Items of a query that cost as much as asking members at all. */
const ITEMS_OF_WORK = 20;

/** What looking at a query costs, about: members read its items, and a long list has more candidates. */
export function workOf(query: Int32Array): number {
  return 1 + query.length / ITEMS_OF_WORK;
}

/**
 * Looks at the queries of a sample, as many as are asked for and as fit into memory: the same ones, in their order, on
 * however many threads.
 */
export async function buildTable(
  view: QueryView,
  sample: ValidationSample,
  request: TableRequest,
): Promise<BuiltTable> {
  const { most, progress } = request;
  const { end, looked } = affordable(sample, request);
  const shared = sharedLooking(
    looked.map((q) => sample.queries[q] ?? NOTHING),
    Int32Array.from(looked, (q) => sample.targets[q] ?? -1),
  );
  const building = new TableBuilder(view.features, sample, looked, most);
  const take = (chunk: LookedChunk): void => {
    building.add(chunk);
    progress(building.done, looked.length);
    if (building.full) stopLooking(shared);
  };
  const threads = request.threads(looked.length);
  try {
    const others = threads?.look(shared, take) ?? Promise.resolve();
    await besideThreads(others, lookHere(view, shared, take, request.pause));
  } finally {
    stopLooking(shared);
    await threads?.dispose();
  }
  return { table: building.finish(end), full: building.full };
}

const NOTHING = new Int32Array(0);

async function lookHere(
  view: QueryView,
  shared: SharedLooking,
  take: (chunk: LookedChunk) => void,
  pause: () => Promise<void>,
): Promise<void> {
  for (let chunk = takeChunk(shared); chunk !== undefined; chunk = takeChunk(shared)) {
    await pause();
    take({ number: chunk.number, looked: lookAt(view, chunk.queries, chunk.targets) });
  }
}

/** How many queries of a sample are gone through, and which of them are looked at. */
function affordable(
  { queries, targets }: ValidationSample,
  { recommended, queries: most, work }: TableRequest,
): { readonly end: number; readonly looked: number[] } {
  const looked: number[] = [];
  let spent = 0;
  for (const [q, query] of queries.entries()) {
    if (recommended[targets[q] ?? -1] !== 1) continue;
    if (looked.length === most || spent >= work) return { end: q, looked };
    looked.push(q);
    spent += workOf(query);
  }
  return { end: queries.length, looked };
}

/** A table while it grows, query by query. */
class TableBuilder {
  /** Whether there was no room for a query: it and those after it are left out. */
  full = false;
  private readonly features: QueryView['features'];
  private readonly cluster: Uint32Array;
  private readonly looked: readonly number[];
  private readonly rows: FeatureRows;
  private readonly bounds: number[] = [0];
  private readonly places: number[] = [];
  private readonly gates: Float32Array;
  /** Chunks whose turn has not come. */
  private readonly early = new Map<number, LookedAt>();
  private chunks = 0;
  private added = 0;

  /** @param looked which queries of the sample are looked at: the targets of the others cannot be found */
  constructor(
    features: QueryView['features'],
    { queries, cluster }: ValidationSample,
    looked: readonly number[],
    most: number,
  ) {
    this.features = features;
    this.cluster = cluster;
    this.looked = looked;
    this.rows = new FeatureRows(most);
    this.gates = new Float32Array(queries.length * features.gateNames.length);
  }

  /** Queries looked at that are in the table. */
  get done(): number {
    return this.added;
  }

  /** Chunks may come in any order. */
  add({ number, looked }: LookedChunk): void {
    this.early.set(number, looked);
    for (let next = this.early.get(this.chunks); next !== undefined; next = this.early.get(this.chunks)) {
      this.early.delete(this.chunks++);
      if (!this.full) this.full = !this.append(next);
    }
  }

  /** @param end of the queries of the sample that were gone through */
  finish(end: number): StackTable {
    const { width, gateNames } = this.features;
    if (!this.full) this.missUntil(end);
    const count = this.places.length;
    return {
      width,
      gateCount: gateNames.length,
      features: this.rows.finish(),
      memory: this.rows.memory,
      bounds: Uint32Array.from(this.bounds),
      gates: this.gates.subarray(0, count * gateNames.length),
      targets: Int32Array.from(this.places),
      cluster: this.cluster.subarray(0, count),
    };
  }

  /** @returns false where there was no room for one of the queries */
  private append({ places, counts, features, gates }: LookedAt): boolean {
    const { width, gateNames } = this.features;
    let row = 0;
    for (const [q, place] of places.entries()) {
      this.missUntil(this.looked[this.added] ?? 0);
      const count = counts[q] ?? 0;
      if (!this.rows.push(features.subarray(row * width, (row + count) * width))) return false;
      const own = gates.subarray(q * gateNames.length, (q + 1) * gateNames.length);
      this.gates.set(own, this.places.length * gateNames.length);
      this.place(place, count);
      row += count;
      this.added++;
    }
    return true;
  }

  private missUntil(end: number): void {
    while (this.places.length < end) this.place(-1, 0);
  }

  private place(place: number, candidates: number): void {
    this.places.push(place);
    this.bounds.push((this.bounds.at(-1) ?? 0) + candidates);
  }
}
