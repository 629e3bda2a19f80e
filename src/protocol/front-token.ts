/** The token of a REST front. AWS is given its SHA-256 alone; a person is shown it once. */
const BYTES = 32;

/** So many random bytes nobody guesses, so that a plain hash is no help to whoever reads it. */
export async function newToken(): Promise<{ readonly token: string; readonly hash: string }> {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  const token = btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, (one) => URL_SAFE[one] ?? '');
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token)));
  return { token, hash: [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('') };
}

const URL_SAFE: Readonly<Record<string, string>> = { '+': '-', '/': '_' };

/** Whether a text may be the SHA-256 of a token. */
export function isTokenHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}
