import { pow } from '../../deterministic-math.ts';

/** (count + shift)^exponent of every item, computed once for each different count. */
export function countPowers(counts: Iterable<number>, shift: number, exponent: number): Float64Array {
  const known = new Map<number, number>();
  return Float64Array.from(counts, (count) => {
    const value = known.get(count) ?? pow(count + shift, exponent);
    known.set(count, value);
    return value;
  });
}
