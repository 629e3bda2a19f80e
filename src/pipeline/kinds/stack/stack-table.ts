/** Validation queries as weights are fitted on them: candidates with features, gates, and which one was the target. */
import type { ValidationSample } from '../fitting/validation-sample.ts';
import type { QueryView } from './query-view.ts';

export interface StackTable {
  readonly width: number;
  readonly gateCount: number;
  /** Candidates of all queries, one after the other: × width. */
  readonly features: Float32Array;
  /** First candidate of each query, and the end of the last. */
  readonly bounds: Uint32Array;
  /** Queries × gateCount. */
  readonly gates: Float32Array;
  /** Place of the target among the query's candidates, −1 where it is none of them: a miss. */
  readonly targets: Int32Array;
  readonly cluster: Uint32Array;
}

export interface TableRequest {
  /** Numbers of features that are kept, at most. */
  readonly most: number;
  readonly progress: (done: number, total: number) => void;
  readonly pause: () => Promise<void>;
}

/** Queries looked at between two pauses. */
const CHUNK = 64;

/** Looks at the queries of a sample, as many as fit into memory. */
export async function buildTable(
  view: QueryView,
  { queries, targets, cluster }: ValidationSample,
  { most, progress, pause }: TableRequest,
): Promise<StackTable> {
  const { width, gateNames } = view.features;
  const rows = new GrowingRows(most);
  const bounds: number[] = [0];
  const places: number[] = [];
  const gates = new Float32Array(queries.length * gateNames.length);
  for (const [q, query] of queries.entries()) {
    if (q % CHUNK === 0) {
      progress(q, queries.length);
      await pause();
    }
    const seen = view.see(query);
    const items = seen?.items ?? new Int32Array(0);
    if (seen !== undefined && !rows.push(seen.features)) break;
    if (seen !== undefined) gates.set(seen.gates, q * gateNames.length);
    places.push(items.indexOf(targets[q] ?? -1));
    bounds.push((bounds.at(-1) ?? 0) + items.length);
  }
  const count = places.length;
  return {
    width,
    gateCount: gateNames.length,
    features: rows.finish(),
    bounds: Uint32Array.from(bounds),
    gates: gates.subarray(0, count * gateNames.length),
    targets: Int32Array.from(places),
    cluster: cluster.subarray(0, count),
  };
}

/** Numbers whose count is not known beforehand. */
class GrowingRows {
  private values: Float32Array;
  private size = 0;
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
    this.values = new Float32Array(Math.min(most, 1 << 22));
  }

  /** @returns false where there is no room any more */
  push(row: Float32Array): boolean {
    if (this.size + row.length > this.most) return false;
    while (this.size + row.length > this.values.length) {
      const grown = new Float32Array(Math.min(this.most, this.values.length * 2));
      grown.set(this.values);
      this.values = grown;
    }
    this.values.set(row, this.size);
    this.size += row.length;
    return true;
  }

  finish(): Float32Array {
    return this.values.subarray(0, this.size);
  }
}
