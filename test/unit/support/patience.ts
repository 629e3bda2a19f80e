import * as os from 'node:os';

/**
 * Milliseconds that something may take which takes so many on a machine of its own: more where others work beside it, as
 * each then gets a share. What is quick only where nothing else runs is measured by `npm run bench`.
 */
export function patience(milliseconds: number): number {
  const [lastMinute = 0] = os.loadavg();
  return milliseconds * Math.max(1, (2 * lastMinute) / os.availableParallelism());
}
