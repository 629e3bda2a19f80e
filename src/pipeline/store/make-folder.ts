import * as fs from 'node:fs';
import * as path from 'node:path';

/**
 * Makes a folder and those above it. Unlike Node's recursive mkdir, which says ENOENT on a read-only file system, it
 * fails with the true reason.
 */
export function makeFolder(folder: string): void {
  if (fs.existsSync(folder)) return;
  if (path.dirname(folder) !== folder) makeFolder(path.dirname(folder));
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    // Another process may have made it at this moment.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
