/** Which items a model recommends that is made of others. */
import type { KindContext, KindGraph } from './kind-graph.ts';

/** Numbers of the items that any member recommends, ascending. */
export function reached(
  members: readonly KindGraph[],
  { catalogue, order }: Pick<KindContext, 'catalogue' | 'order'>,
): Int32Array {
  const isReached = new Uint8Array(order.codes.length);
  for (const member of members) {
    // Popularity, where it is a part of a model, recommends what has training rows.
    if (member.background === 'none')
      for (const number of member.columns ?? isReached.keys()) isReached[number] = 1;
    else
      order.codes.forEach(
        (code, number) => (isReached[number] ||= (catalogue.trainCounts[code] ?? 0) > 0 ? 1 : 0),
      );
  }
  return Int32Array.from(isReached.keys()).filter((number) => isReached[number] === 1);
}

/** By number: 1 for each item that any member can make a query of. */
export function knownToAny(members: readonly KindGraph[], itemCount: number): Uint8Array {
  return Uint8Array.from({ length: itemCount }, (_, item) =>
    members.some(({ knows }) => knows[item] === 1) ? 1 : 0,
  );
}
