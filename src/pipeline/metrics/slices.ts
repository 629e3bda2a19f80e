/** Ways to cut queries into groups, to see for whom a model works. */
import { queryItems, targetOf, type QuerySet } from './queries.ts';

export interface Slicing {
  readonly slice: string;
  readonly groups: readonly string[];
  /** Group of each query, an index into `groups`. */
  readonly groupOf: Uint8Array;
}

/** Shares of all training rows where the head and the torso of the items end. */
const HEAD_SHARE = 0.5;
const TORSO_SHARE = 0.8;
const LENGTH_EDGES = [5, 10, 20, 50, 100, 200];

/**
 * Popularity group of each item: the most frequent items that together hold half of the training rows are the head,
 * those of the next 30 % the torso, the others the tail; items without training rows are cold. Items of equal count
 * fall into the same group.
 */
export function popularityGroups(trainCounts: Uint32Array): Uint8Array {
  const order = trainCounts.slice().sort().reverse();
  const total = order.reduce((sum, count) => sum + count, 0);
  const leastCount = (share: number): number => {
    let covered = 0;
    for (const count of order) {
      covered += count;
      if (covered >= share * total) return count;
    }
    return 1;
  };
  const head = leastCount(HEAD_SHARE);
  const torso = leastCount(TORSO_SHARE);
  return Uint8Array.from(trainCounts, (count) =>
    count === 0 ? 3 : count >= head ? 0 : count >= torso ? 1 : 2,
  );
}

/** By the training popularity of the target. */
export function byTargetPopularity(queries: QuerySet, trainCounts: Uint32Array): Slicing {
  const groups = popularityGroups(trainCounts);
  const groupOf = Uint8Array.from(queries.targets, (_, q) => groups[targetOf(queries, q)] ?? 3);
  return { slice: 'target popularity', groups: ['head', 'torso', 'tail', 'not in training'], groupOf };
}

/** By the number of items of the whole sequence. */
export function bySequenceLength(queries: QuerySet): Slicing {
  const groupOf = Uint8Array.from(
    queries.lengths,
    (length) => LENGTH_EDGES.filter((edge) => length >= edge).length,
  );
  const groups = ['2–4', '5–9', '10–19', '20–49', '50–99', '100–199', '200 and more'];
  return { slice: 'sequence length', groups, groupOf };
}

/** By whether the model knows what its query rule needs. */
export function byKnownQuery(unknown: Uint8Array): Slicing {
  return { slice: 'query', groups: ['known', 'unknown'], groupOf: unknown };
}

/** By whether the target already stands in the query. */
export function byRepeat(queries: QuerySet): Slicing {
  const groupOf = Uint8Array.from(queries.targets, (_, q) =>
    queryItems(queries, q).includes(targetOf(queries, q)) ? 1 : 0,
  );
  return { slice: 'target', groups: ['new', 'already in the query'], groupOf };
}

/** Indices of the queries of one group. */
export function membersOf({ groupOf }: Slicing, group: number): Uint32Array {
  let count = 0;
  for (const g of groupOf) if (g === group) count++;
  const members = new Uint32Array(count);
  for (let q = 0, at = 0; q < groupOf.length; q++) if (groupOf[q] === group) members[at++] = q;
  return members;
}
