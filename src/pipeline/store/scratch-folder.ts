/** A folder beside a file in the making. It goes with whoever made it, or with the next one where that one was killed. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { TEMPORARY_MARK, temporaryName } from './atomic-file.ts';
import { isAlive, ownIdentity } from './process-identity.ts';
import { readClaim } from './read-claim.ts';

/** Names the process that the folder is of. */
const CLAIM = 'process.json';

/** Does something with a new folder beside `file`, and removes those that killed processes left there. */
export async function withScratchFolder<T>(file: string, action: (folder: string) => Promise<T>): Promise<T> {
  await removeAbandoned(path.dirname(file));
  const folder = temporaryName(file);
  try {
    await fs.mkdir(folder);
    await fs.writeFile(path.join(folder, CLAIM), JSON.stringify(ownIdentity()));
    return await action(folder);
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

async function removeAbandoned(parent: string): Promise<void> {
  // Whether the folder is there and may be read is said by whoever writes to it.
  const names = await fs.readdir(parent).catch((): string[] => []);
  for (const name of names.filter((each) => each.startsWith(TEMPORARY_MARK))) {
    const owner = readClaim(path.join(parent, name, CLAIM));
    // A process of another machine cannot be asked; it may be at work for hours.
    if (owner?.host !== os.hostname() || isAlive(owner, 0)) continue;
    // What cannot be removed is no reason to write nothing.
    await fs.rm(path.join(parent, name), { recursive: true, force: true }).catch(() => undefined);
  }
}
