/** Keeps secrets out of all that is written or shown. */
const secrets = new Set<string>();

/** A key, a token or a code that no text may hold. */
export function keepSecret(text: string | undefined): void {
  if (text !== undefined && text.length >= 6) secrets.add(text);
}

/** AWS repeats what was signed in some errors, the session's token with it. */
export function redacted(text: string): string {
  let clean = text;
  for (const secret of secrets)
    for (const form of [secret, encodeURIComponent(secret)]) clean = clean.replaceAll(form, '…');
  return clean;
}
