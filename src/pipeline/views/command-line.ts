import { kebabCase } from '../../protocol/parameters.ts';
import type { RunManifest } from '../../protocol/run.ts';

/** Quotes a word for POSIX shells where it needs it; PowerShell reads the same single quotes. */
export function shellQuote(word: string): string {
  return /^[A-Za-z0-9_./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The command that makes a run again: the data, and every parameter that was given. */
export function commandOf(manifest: RunManifest): string {
  const words = ['recsys', 'run', manifest.data.path];
  for (const name of manifest.given) {
    const value = manifest.parameters[name];
    if (value === undefined) continue;
    words.push(`--${kebabCase(name)}`, String(value));
  }
  return words.map(shellQuote).join(' ');
}
