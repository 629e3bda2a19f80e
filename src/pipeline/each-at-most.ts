/**
 * Does something with each of many, so many at a time.
 * @returns what came of each, in their order
 */
export async function eachAtMost<T, R>(
  most: number,
  all: readonly T[],
  action: (one: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < all.length; at = next++) {
      const one = all[at];
      if (one !== undefined) results[at] = await action(one);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, all.length) }, work));
  return results;
}
