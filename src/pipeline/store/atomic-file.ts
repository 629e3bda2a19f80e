import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';

/** Marks a file that is being written; such files are removed when a step starts anew. */
export const TEMPORARY_MARK = '.partial-';

/** A name beside `file` that no other process uses. */
export function temporaryName(file: string): string {
  return path.join(
    path.dirname(file),
    `${TEMPORARY_MARK}${path.basename(file)}-${process.pid}-${randomBytes(4).toString('hex')}`,
  );
}

/** Flushes a file's bytes to the disk. */
export async function syncFile(file: string): Promise<void> {
  const handle = await fs.open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Some network file systems refuse to flush folders; their entries are safe, or not, without us. */
const FOLDER_SYNC_REFUSED = new Set(['EINVAL', 'ENOTSUP', 'EISDIR', 'EPERM']);

/** Flushes a folder's entries, where the platform can (Windows cannot open folders). */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await fs.open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (!FOLDER_SYNC_REFUSED.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await handle.close();
  }
}

const RENAME_RETRIES = 20;
const RENAME_PAUSE_MS = 50;

/** Renames, over an existing file if need be; on Windows it waits while a reader holds a file open. */
export async function renamePatiently(from: string, to: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await fs.rename(from, to);
      return;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      const held =
        process.platform === 'win32' && (code === 'EPERM' || code === 'EACCES' || code === 'EBUSY');
      if (!held || attempt >= RENAME_RETRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, RENAME_PAUSE_MS));
    }
  }
}

/**
 * Makes `file` appear whole or not at all: `write` fills a temporary file beside it, which is flushed and renamed,
 * and the folder is flushed. The temporary file is removed when anything fails.
 */
export async function writeAtomically(
  file: string,
  write: (temporary: string) => Promise<void> | void,
): Promise<void> {
  const temporary = temporaryName(file);
  try {
    await write(temporary);
    await syncFile(temporary);
    await renamePatiently(temporary, file);
  } catch (error) {
    await fs.rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(path.dirname(file));
}

/**
 * Makes several files appear, each whole, or none of them where writing fails.
 * @param write fills the temporary files, in the order of `files`
 * @param check looks once more, when all is written, whether the files may take their places
 */
export async function writeAllAtomically(
  files: readonly string[],
  write: (temporary: readonly string[]) => Promise<void>,
  check: () => Promise<void> | void,
): Promise<void> {
  const temporary = files.map(temporaryName);
  try {
    await write(temporary);
    for (const file of temporary) await syncFile(file);
    await check();
    for (const [at, file] of files.entries()) await renamePatiently(temporary[at] ?? '', file);
  } catch (error) {
    for (const file of temporary) await fs.rm(file, { force: true }).catch(() => undefined);
    throw error;
  }
  for (const folder of new Set(files.map((file) => path.dirname(file)))) await syncFolder(folder);
}

/** Writes a value as indented JSON, atomically. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeAtomically(file, (temporary) => fs.writeFile(temporary, `${JSON.stringify(value, null, 2)}\n`));
}

/** Removes what writers that were killed left in a folder; what is younger may still be in the making. */
export async function removeLeftovers(folder: string, olderThanMs: number): Promise<void> {
  for (const name of await fs.readdir(folder)) {
    if (!name.startsWith(TEMPORARY_MARK)) continue;
    const leftover = path.join(folder, name);
    const stats = await fs.stat(leftover).catch(() => undefined);
    if (stats !== undefined && Date.now() - stats.mtimeMs >= olderThanMs)
      await fs.rm(leftover, { recursive: true, force: true });
  }
}
