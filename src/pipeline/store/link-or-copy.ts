import * as fs from 'node:fs/promises';
import { syncFile } from './atomic-file.ts';

/**
 * Gives a finished file, which never changes, a second name: by a hard link, or a copy where there are none (another
 * file system). What has that name already goes.
 */
export async function linkOrCopy(from: string, to: string): Promise<void> {
  await fs.rm(to, { force: true });
  try {
    await fs.link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw error;
    await fs.copyFile(from, to);
    await syncFile(to);
  }
}
