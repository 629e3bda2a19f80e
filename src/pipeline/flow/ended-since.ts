/**
 * When something that began in this process has ended, and how long it took: the time may be set back meanwhile, the
 * seconds know nothing of that.
 * @param began by `performance.now()`
 */
export function endedSince(began: number): { finished: string; seconds: number } {
  return { finished: new Date().toISOString(), seconds: (performance.now() - began) / 1000 };
}
