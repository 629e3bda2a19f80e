/**
 * A new run id: `20261122-114953120-k3f9`. Its first two parts count: they are the moment in UTC to the millisecond, or
 * one more than those of the newest run where the clock has not gone past it, because it was set back or two runs began
 * at once (a hybrid logical clock: Kulkarni et al., OPODIS 2014). So ids sort as the runs were made, whatever the clock
 * does. Four random characters tell apart what two processes make in one moment.
 * @param newest the largest id the store has had, or undefined
 */
export function newRunId(now = new Date(), newest?: string): string {
  const after = newest === undefined ? -Infinity : momentOf(newest) + 1;
  const stamp = new Date(Math.max(now.getTime(), after))
    .toISOString()
    .replace(/[-:.Z]/g, '')
    .replace('T', '-');
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
  const random = [...crypto.getRandomValues(new Uint8Array(4))]
    .map((byte) => alphabet[byte % alphabet.length] ?? '0')
    .join('');
  return `${stamp}-${random}`;
}

/** Epoch milliseconds in an id; −Infinity where its digits are no moment. */
function momentOf(id: string): number {
  const [, year, month, day, hour, minute, second, millisecond] = MOMENT.exec(id) ?? [];
  const moment = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millisecond}Z`);
  return Number.isNaN(moment) ? -Infinity : moment;
}

const MOMENT = /^(\d{4})(\d{2})(\d{2})-(\d{2})(\d{2})(\d{2})(\d{3})-/;
const RUN_ID = /^\d{8}-\d{9}-[0-9a-z]{4}$/;

/** Whether a folder's name is that of a run. */
export function isRunId(name: string): boolean {
  return RUN_ID.test(name);
}

/** Whether a new run may be given this id: it has the form of one, and its digits are a moment, so that it sorts as one. */
export function isMomentId(name: string): boolean {
  return isRunId(name) && Number.isFinite(momentOf(name));
}
