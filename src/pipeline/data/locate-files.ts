import * as fs from 'node:fs/promises';
import type { Stats } from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT, UserError } from '../../protocol/user-error.ts';
import { withDuckDB } from './duckdb-session.ts';
import { escapeGlob, quoteText } from './sql-text.ts';
import * as z from 'zod/mini';

export interface DataFile {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  /** ISO 8601. */
  readonly modified: string;
}

/**
 * The files a path, a folder or a glob (`*`, `?`, `[…]`, `**`) names, sorted by name. A file that exists under the very
 * name wins over its reading as a glob; of a folder, files that begin with `_` or `.` are no data.
 * @throws UserError when there is none, when they cannot be read, or when all of them are empty
 */
export async function locateFiles(given: string): Promise<DataFile[]> {
  const names = await namesOf(localPath(given), given);
  const files = await Promise.all(names.sort().map(toDataFile));
  if (files.every((file) => file.bytes === 0)) {
    throw new UserError(
      files.length === 1 ? `${given} is empty.` : `All ${files.length} files of ${given} are empty.`,
      'Check that the file was written completely.',
    );
  }
  return files;
}

/** @throws UserError for an address of another place than this machine's files */
function localPath(given: string): string {
  const [, scheme] = /^([a-z][a-z0-9+.-]+):\/\//i.exec(given) ?? [];
  if (scheme === undefined) return path.resolve(given);
  if (scheme.toLowerCase() === 'file') return fileURLToPath(given);
  const copy: Readonly<Record<string, string>> = {
    s3: 'aws s3 cp',
    s3a: 'aws s3 cp',
    gs: 'gcloud storage cp',
    hdfs: 'hdfs dfs -get',
    http: 'curl -O',
    https: 'curl -O',
  };
  const tool = copy[scheme.toLowerCase()];
  throw new UserError(
    `${given} is an address (${scheme.toLowerCase()}), and only files of this machine are read.`,
    `Copy it here first${tool === undefined ? '' : ` (${tool} …)`}, and give the path of the copy.`,
    { exitCode: EXIT.notFound },
  );
}

async function namesOf(absolute: string, given: string): Promise<string[]> {
  const stats = await statOf(absolute);
  if (stats?.isFile() === true) return [absolute];
  if (stats?.isDirectory() === true) return await filesIn(absolute, given);
  if (stats !== undefined) throw noRegularFile(given);
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

/** What a program writes beside its data: `_SUCCESS`, `_metadata`, `.part-0.crc`. */
const BESIDE = /^[_.]|\.crc$/;

/** All data files of a folder and the folders in it; they must be of one kind by their names. */
async function filesIn(folder: string, given: string): Promise<string[]> {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter(
      (file) =>
        !path
          .relative(folder, file)
          .split(path.sep)
          .some((part) => BESIDE.test(part)),
    );
  const kinds = [
    ...new Set(files.map((file) => /(?:\.[a-z]\w*)*$/i.exec(path.basename(file))?.[0].toLowerCase() ?? '')),
  ];
  if (kinds.length === 1) return files;
  throw new UserError(
    files.length === 0
      ? `${given} is a folder without data files.`
      : `${given} is a folder with files of several kinds (${kinds.slice(0, 5).join(', ')}).`,
    `Name the files in it, for example '${path.join(given, `*${kinds[0] ?? '.parquet'}`)}'.`,
    { exitCode: EXIT.notFound },
  );
}

function noRegularFile(given: string): UserError {
  return new UserError(
    `${given} is no regular file (a pipe, a socket or a device).`,
    'Write the data to a file first; they are read more than once.',
  );
}

async function statOf(file: string): Promise<Stats | undefined> {
  try {
    return await fs.stat(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): UserError {
  return new UserError(`${file} cannot be read.`, 'Check its permissions.', { cause: error });
}

/** A glob as the folder that exists under the very name, whatever characters it has, and the pattern below it. */
async function partPattern(absolute: string): Promise<{ folder: string; pattern: string }> {
  const parts = absolute.split(path.sep);
  let folder = parts[0] === '' ? path.sep : (parts[0] ?? '');
  for (let at = 1; at < parts.length; at++) {
    const next = path.join(folder, parts[at] ?? '');
    if ((await statOf(next))?.isDirectory() !== true) return { folder, pattern: parts.slice(at).join('/') };
    folder = next;
  }
  return { folder, pattern: '' };
}

async function matchesOf(absolute: string): Promise<string[]> {
  const { folder, pattern } = await partPattern(absolute);
  const glob = `${escapeGlob(folder.split(path.sep).join('/')).replace(/\/$/, '')}/${pattern}`;
  const rows = await withDuckDB({ memoryLimit: 64, threads: 1 }, (session) =>
    session.rows(`SELECT file FROM glob(${quoteText(glob)})`, z.object({ file: z.string() })),
  );
  return rows.map((row) => path.resolve(row.file));
}

async function toDataFile(file: string): Promise<DataFile> {
  const stats = await fs.stat(file);
  if (!stats.isFile()) throw noRegularFile(file);
  try {
    await fs.access(file, fs.constants.R_OK);
  } catch (error) {
    throw unreadable(file, error);
  }
  return { path: file, bytes: stats.size, modified: stats.mtime.toISOString() };
}
