/**
 * The result of work that others may wait for as well: it goes on when this caller no longer waits, so that it need not
 * be begun again, and the worker is not taken for one that does not listen.
 * @throws what the signal was aborted with, as soon as it is
 */
export async function awaited<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason instanceof Error ? signal.reason : new Error('given up'));
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
