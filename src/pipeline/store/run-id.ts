import { randomBytes } from 'node:crypto';

/**
 * A new run id, sortable by time: `20261122-114953120-k3f9` (UTC to the millisecond, then four
 * random characters that tell two runs of one moment apart).
 */
export function newRunId(now = new Date()): string {
  const stamp = now
    .toISOString()
    .replace(/[-:.Z]/g, '')
    .replace('T', '-');
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
  const random = [...randomBytes(4)].map((byte) => alphabet[byte % alphabet.length] ?? '0').join('');
  return `${stamp}-${random}`;
}

const RUN_ID = /^\d{8}-\d{9}-[0-9a-z]{4}$/;

/** Whether a folder's name is that of a run. */
export function isRunId(name: string): boolean {
  return RUN_ID.test(name);
}
