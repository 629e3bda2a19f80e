import type { QueryView } from './query-view.ts';

/** Some queries as weights are fitted on them. Of one whose target is no candidate nothing is kept: it teaches nothing. */
export interface LookedAt {
  /** Place of each query's target among its candidates, −1 where it is none of them. */
  readonly places: Int32Array;
  /** How many candidates are kept of each. */
  readonly counts: Uint32Array;
  /** Those of all queries, one after the other: × features. */
  readonly features: Float32Array<ArrayBuffer>;
  /** Queries × gates. */
  readonly gates: Float32Array;
}

/**
 * Looks at queries, which members are told of beforehand: what they find faster for several they find at once.
 * @param targets item code of each
 */
export function lookAt(view: QueryView, queries: readonly Int32Array[], targets: Int32Array): LookedAt {
  const { width, gateNames } = view.features;
  const places = new Int32Array(queries.length).fill(-1);
  const counts = new Uint32Array(queries.length);
  const gates = new Float32Array(queries.length * gateNames.length);
  const kept: Float32Array[] = [];
  view.expect(queries);
  for (const [q, query] of queries.entries()) {
    const seen = view.see(query);
    const place = seen?.items.indexOf(targets[q] ?? -1) ?? -1;
    if (seen === undefined || place < 0) continue;
    places[q] = place;
    counts[q] = seen.items.length;
    gates.set(seen.gates, q * gateNames.length);
    kept.push(seen.features.slice());
  }
  return { places, counts, gates, features: besideEachOther(kept, width * sumOf(counts)) };
}

function besideEachOther(parts: readonly Float32Array[], size: number): Float32Array<ArrayBuffer> {
  const all = new Float32Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function sumOf(counts: Uint32Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
