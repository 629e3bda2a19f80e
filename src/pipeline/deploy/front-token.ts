/** The token of a REST front. AWS is given its SHA-256 alone; a person is shown it once. */
import { createHash, randomBytes } from 'node:crypto';

const BYTES = 32;

export function newToken(): { readonly token: string; readonly hash: string } {
  const token = randomBytes(BYTES).toString('base64url');
  // So many bytes nobody guesses, so that a plain hash is no help to whoever reads it.
  return { token, hash: createHash('sha256').update(token).digest('hex') };
}
