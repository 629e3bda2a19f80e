/**
 * Waits for all of these, also when one fails, and then throws the first failure: nothing may be closed or removed
 * while another still works with it.
 */
export async function settled<T extends readonly Promise<unknown>[]>(
  promises: readonly [...T],
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(promises);
  return await Promise.all(promises);
}
