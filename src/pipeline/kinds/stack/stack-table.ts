/** Validation queries as weights are fitted on them: candidates with features, gates, and which one was the target. */
import type { ValidationSample } from '../fitting/validation-sample.ts';
import { FeatureRows } from './feature-rows.ts';
import type { QueryView, SeenQuery } from './query-view.ts';

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

/** Queries looked at between two pauses. */
const CHUNK = 64;

/** Looks at the queries of a sample in turn, as many as are asked for and as fit into memory. */
export async function buildTable(
  view: QueryView,
  sample: ValidationSample,
  request: TableRequest,
): Promise<BuiltTable> {
  const { recommended, most, progress, pause } = request;
  const building = new TableBuilder(view.features, sample, most);
  const { end, looked: total } = affordable(sample, request);
  let looked = 0;
  for (const [q, query] of sample.queries.slice(0, end).entries()) {
    const target = sample.targets[q] ?? -1;
    const isReachable = recommended[target] === 1;
    if (isReachable && looked++ % CHUNK === 0) {
      progress(looked, total);
      await pause();
      view.expect(nextOf(sample, recommended, q));
    }
    if (!building.add(target, isReachable ? view.see(query) : undefined))
      return { table: building.finish(), full: true };
  }
  return { table: building.finish(), full: false };
}

/** How many queries of a sample are gone through, and how many of them are looked at. */
function affordable(
  { queries, targets }: ValidationSample,
  { recommended, queries: most, work }: TableRequest,
): { readonly end: number; readonly looked: number } {
  let [looked, spent] = [0, 0];
  for (const [q, query] of queries.entries()) {
    if (recommended[targets[q] ?? -1] !== 1) continue;
    if (looked === most || spent >= work) return { end: q, looked };
    looked++;
    spent += workOf(query);
  }
  return { end: queries.length, looked };
}

/** The next queries whose target may be recommended. */
function nextOf({ queries, targets }: ValidationSample, recommended: Uint8Array, from: number): Int32Array[] {
  const next: Int32Array[] = [];
  for (let q = from; q < queries.length && next.length < CHUNK; q++) {
    const query = queries[q];
    if (query !== undefined && recommended[targets[q] ?? -1] === 1) next.push(query);
  }
  return next;
}

/** A table while it grows, query by query. */
class TableBuilder {
  private readonly features: QueryView['features'];
  private readonly cluster: Uint32Array;
  private readonly rows: FeatureRows;
  private readonly bounds: number[] = [0];
  private readonly places: number[] = [];
  private readonly gates: Float32Array;

  constructor(features: QueryView['features'], { queries, cluster }: ValidationSample, most: number) {
    this.features = features;
    this.cluster = cluster;
    this.rows = new FeatureRows(most);
    this.gates = new Float32Array(queries.length * features.gateNames.length);
  }

  /** Adds the next query. @param seen absent: its target cannot be found @returns false where there is no room for it */
  add(target: number, seen: SeenQuery | undefined): boolean {
    const place = seen?.items.indexOf(target) ?? -1;
    const kept = seen !== undefined && place >= 0 ? seen : undefined;
    if (kept !== undefined && !this.rows.push(kept.features)) return false;
    if (kept !== undefined) this.gates.set(kept.gates, this.places.length * this.features.gateNames.length);
    this.places.push(place);
    this.bounds.push((this.bounds.at(-1) ?? 0) + (kept?.items.length ?? 0));
    return true;
  }

  finish(): StackTable {
    const { width, gateNames } = this.features;
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
}
