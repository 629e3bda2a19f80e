/**
 * Lets a request to the front pass that brings its token, of which AWS has the SHA-256 alone. It runs there alone;
 * scripts/lambda-code.mjs makes its code.
 */
import { createHash, timingSafeEqual } from 'node:crypto';

/** What API Gateway gives of a request (format 2.0), and takes as an answer (a simple one). */
export interface GuardedRequest {
  readonly headers?: Readonly<Record<string, string>>;
}

const expected = Buffer.from(process.env['TOKEN_SHA256'] ?? '', 'hex');

export function handler({ headers = {} }: GuardedRequest): Promise<{ readonly isAuthorized: boolean }> {
  const [, given = ''] = /^Bearer +(\S+)$/i.exec(headers['authorization'] ?? '') ?? [];
  const digest = createHash('sha256').update(given).digest();
  // Digests are of equal length, so that the time tells nothing.
  const isToken = digest.length === expected.length && timingSafeEqual(digest, expected);
  return Promise.resolve({ isAuthorized: isToken && given !== '' });
}
