import { clusteredRanks, type ClusteredRanks } from '../../../src/pipeline/metrics/clustered-ranks.ts';

/** Ranks of queries, given by cluster: 0 is a miss. */
export function clustered(ranks: readonly (readonly number[])[]): ClusteredRanks {
  return clusteredRanks(
    { ranks: Int32Array.from(ranks.flat()) },
    { cluster: Uint32Array.from(ranks.flatMap((own, c) => own.map(() => c))), clusterCount: ranks.length },
  );
}
