/** `test/fixtures/pinned-results.json`: for each result its digest, and the versions of the code that made it. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';

export const PINNED_FILE = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../../fixtures/pinned-results.json',
);

const Pinned = z.object({ versions: z.string(), digest: z.string() });
export type Pinned = z.infer<typeof Pinned>;
export type PinnedResults = Readonly<Record<string, Pinned>>;

export function readPinned(file = PINNED_FILE): PinnedResults {
  if (!fs.existsSync(file)) return {};
  return z.record(z.string(), Pinned).parse(JSON.parse(fs.readFileSync(file, 'utf8')));
}

/**
 * What is wrong with the pinned results, now that the code gives others.
 * @returns a sentence for each result that changed under versions that did not, which must not be pinned
 */
export function forgottenVersions(pinned: PinnedResults, now: PinnedResults): string[] {
  return Object.entries(now).flatMap(([name, { versions, digest }]) => {
    const before = pinned[name];
    if (before?.versions !== versions || before.digest === digest) return [];
    return [
      `'${name}' gives other results than before under the same versions (${versions}). Stores would reuse the old ones: ` +
        'raise the version of the step or the model kind whose code changed, then run: node scripts/pin-results.mjs',
    ];
  });
}

/** Pins the results of now. @throws Error where a version was forgotten; then nothing is written */
export function writePinned(now: PinnedResults, file = PINNED_FILE): void {
  const forgotten = forgottenVersions(readPinned(file), now);
  if (forgotten.length > 0) throw new Error(forgotten.join('\n'));
  fs.writeFileSync(file, `${JSON.stringify(now, null, 2)}\n`);
}
