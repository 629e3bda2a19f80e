import * as fs from 'node:fs/promises';
import type { Stats } from 'node:fs';
import * as path from 'node:path';
import { EXIT, UserError } from '../../protocol/user-error.ts';
import { withDuckDB } from './duckdb-session.ts';
import { quoteText } from './sql-text.ts';
import * as z from 'zod/mini';

export interface DataFile {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  /** ISO 8601. */
  readonly modified: string;
}

/**
 * The files a path or a glob (`*`, `?`, `[…]`, `**`) names, sorted by name. A file that exists under the very name
 * wins over its reading as a glob.
 * @throws UserError when there is none, or when all of them are empty
 */
export async function locateFiles(given: string): Promise<DataFile[]> {
  const names = await namesOf(path.resolve(given), given);
  const files = await Promise.all(names.sort().map(toDataFile));
  if (files.every((file) => file.bytes === 0)) {
    throw new UserError(
      files.length === 1 ? `${given} is empty.` : `All ${files.length} files of ${given} are empty.`,
      'Check that the file was written completely.',
    );
  }
  return files;
}

async function namesOf(absolute: string, given: string): Promise<string[]> {
  const stats = await statOf(absolute);
  if (stats?.isFile() === true) return [absolute];
  if (stats?.isDirectory() === true)
    throw new UserError(
      `${given} is a folder.`,
      `Name the files in it, for example '${path.join(given, '*.parquet')}'.`,
      { exitCode: EXIT.notFound },
    );
  if (!/[*?[]/.test(given))
    throw new UserError(`There is no file ${given}.`, `Check the path; it was looked for at ${absolute}.`, {
      exitCode: EXIT.notFound,
    });
  const matches = await matchesOf(absolute);
  if (matches.length === 0)
    throw new UserError(
      `No file matches ${given}.`,
      'Check the pattern, and put it in quotes so that the shell leaves it alone.',
      { exitCode: EXIT.notFound },
    );
  return matches;
}

async function statOf(file: string): Promise<Stats | undefined> {
  try {
    return await fs.stat(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw new UserError(`${file} cannot be read.`, 'Check its permissions.', { cause: error });
  }
}

async function matchesOf(pattern: string): Promise<string[]> {
  const rows = await withDuckDB({ memoryLimit: 64, threads: 1 }, (session) =>
    session.rows(`SELECT file FROM glob(${quoteText(pattern)})`, z.object({ file: z.string() })),
  );
  return rows.map((row) => path.resolve(row.file));
}

async function toDataFile(file: string): Promise<DataFile> {
  const stats = await fs.stat(file);
  return { path: file, bytes: stats.size, modified: stats.mtime.toISOString() };
}
