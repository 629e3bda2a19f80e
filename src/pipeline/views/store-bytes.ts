import type { ReadRow } from './run-row.ts';

/** Bytes of all artifacts of a store, those that several runs share counted once. */
export function storeBytes(reads: ReadonlyMap<string, ReadRow>): number {
  const shared = new Map<string, number>();
  let own = 0;
  for (const { row, adopted } of reads.values()) {
    own += row.bytes;
    for (const { run, path, bytes } of adopted) {
      own -= bytes;
      if (!reads.has(run)) shared.set(`${run}/${path}`, bytes);
    }
  }
  return [...shared.values()].reduce((sum, bytes) => sum + bytes, own);
}
