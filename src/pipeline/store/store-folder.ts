import * as fs from 'node:fs';
import * as path from 'node:path';
import { UserError } from '../../protocol/user-error.ts';
import { TEMPORARY_MARK } from './atomic-file.ts';
import { isRunId } from '../../protocol/run-id.ts';

/** Its presence makes a folder a run store. */
export const STORE_FILE = 'store.json';

/** What the makers of a store leave before it is one, and what file managers leave anywhere. */
const OWN_FILES = new Set(['.gitignore', 'trash', '.DS_Store', 'Thumbs.db', 'desktop.ini']);

/** Whether an entry of a folder that is no store yet may be part of one in the making. */
function isOwn(folder: string, entry: string): boolean {
  if (entry !== 'runs') return OWN_FILES.has(entry) || entry.startsWith(TEMPORARY_MARK);
  return entriesOf(path.join(folder, entry)).every(
    (name) => isRunId(name) || name.startsWith(TEMPORARY_MARK),
  );
}

function entriesOf(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * A store is made only where nothing else is: among other files its own would get lost, and they would be ignored by git.
 * @throws UserError for a file, or a folder that is not empty
 */
export function requireOwnFolder(folder: string): void {
  const stats = fs.statSync(folder, { throwIfNoEntry: false });
  if (stats?.isDirectory() === false)
    throw new UserError(
      `${folder} is a file, not the folder of a run store.`,
      'Name a folder with --store.',
      {
        remedy: 'settings',
      },
    );
  const other = entriesOf(folder).find((entry) => !isOwn(folder, entry));
  if (other !== undefined)
    throw new UserError(
      `${folder} is not a run store (it has no ${STORE_FILE}), and it is not empty (it holds ${other}).`,
      `Name a new or an empty folder with --store (setting recsys.storeFolder), such as ${path.join(folder, '.recsys')}.`,
      { remedy: 'settings' },
    );
}
