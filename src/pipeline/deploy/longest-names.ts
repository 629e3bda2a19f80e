/** What of a model's names decides whether an endpoint's answers have room. */
import type { ItemNames } from '../model/item-names.ts';

/** Bytes of the `k` longest names together, as JSON writes them. */
export function longestNames(names: Pick<ItemNames, 'count' | 'name'>, k: number): number {
  const lengths = new Uint32Array(names.count);
  for (let code = 0; code < names.count; code++)
    lengths[code] = Buffer.byteLength(JSON.stringify(names.name(code)));
  return lengths
    .sort()
    .slice(-k)
    .reduce((sum, length) => sum + length, 0);
}
