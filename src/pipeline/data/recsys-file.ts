import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type * as z from 'zod/mini';
import { DatasetSpec, RecsysFile } from '../../protocol/dataset-spec.ts';
import { EXIT, messageOf, UserError } from '../../protocol/user-error.ts';
import { writeJson } from '../store/atomic-file.ts';
import { withFileLock } from '../store/file-lock.ts';
import { writeError } from '../store/store-error.ts';

/** Name of the file that keeps dataset specs; `media/recsys.schema.json` describes it. */
export const RECSYS_FILE = 'recsys.json';

/**
 * The spec kept for a data file or glob in the nearest `recsys.json`, from the data's folder up to the workspace.
 * @throws UserError when such a file is there but isn't valid
 */
export async function readSpec(
  data: string,
  workspace: string,
): Promise<{ file: string; spec: DatasetSpec } | undefined> {
  for (const folder of foldersUp(data, workspace)) {
    const file = path.join(folder, RECSYS_FILE);
    const content = await readRecsysFile(file);
    const spec = content === undefined ? undefined : specFor(content, keyOf(data, folder));
    if (spec !== undefined) return { file, spec: withPaths(spec, (other) => path.resolve(folder, other)) };
  }
  return undefined;
}

/**
 * Keeps a spec for a data file or glob: in the nearest `recsys.json` that has one for it, else in the nearest there is,
 * else in a new one beside the data. Other entries stay as they are.
 * What others save at the same time is kept too.
 * @returns the file written
 * @throws UserError when it is not valid, or cannot be written
 */
export async function saveSpec(data: string, workspace: string, spec: DatasetSpec): Promise<string> {
  const file =
    (await readSpec(data, workspace))?.file ??
    (await nearestFile(data, workspace)) ??
    path.join(folderOf(data), RECSYS_FILE);
  const key = keyOf(data, path.dirname(file));
  try {
    await withFileLock(file, async () => {
      const content = (await readRecsysFile(file)) ?? { datasets: {} };
      const kept = withPaths(spec, (other) => keyOf(other, path.dirname(file)));
      await writeJson(file, { ...content, datasets: { ...content.datasets, [key]: kept } });
    });
  } catch (error) {
    throw writeError(file, error, 'Check the permissions of its folder.');
  }
  return file;
}

/** Reads and checks a `recsys.json`; undefined when there is none. */
export async function readRecsysFile(file: string): Promise<RecsysFile | undefined> {
  let text: string;
  try {
    text = await fs.readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw new UserError(`${file} cannot be read: ${messageOf(error)}.`, 'Check its permissions.', {
      cause: error,
    });
  }
  return parseRecsysFile(text, file);
}

function parseRecsysFile(text: string, file: string): RecsysFile {
  return checked(RecsysFile.safeParse(parseJson(text, file)), file);
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${file} is not valid JSON: ${messageOf(error)}.`, REMEDY, {
      cause: error,
      remedy: 'specFile',
    });
  }
}

const REMEDY = 'Correct it, or delete it to have the columns guessed again.';

function checked<T>(result: z.core.util.SafeParseResult<T>, file: string): T {
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new UserError(
    `${file} is not a valid dataset spec: at ${issue?.path.join('.') ?? ''}, ${issue?.message ?? ''}.`,
    REMEDY,
    { remedy: 'specFile' },
  );
}

/**
 * The spec in a file a person names: either one spec alone, or a `recsys.json` with an entry for the data.
 * @throws UserError when there is no such file, when it isn't valid, or when it has no entry for the data
 */
export async function readSpecFile(file: string, data: string): Promise<DatasetSpec> {
  let text: string;
  try {
    text = await fs.readFile(file, 'utf8');
  } catch (error) {
    throw new UserError(`The spec file ${file} cannot be read.`, 'Check the path.', {
      cause: error,
      exitCode: EXIT.notFound,
    });
  }
  const value = parseJson(text, file);
  const here = (other: string): string => path.resolve(path.dirname(path.resolve(file)), other);
  if (typeof value !== 'object' || value === null || !('datasets' in value))
    return withPaths(checked(DatasetSpec.safeParse(value), file), here);
  const { datasets } = checked(RecsysFile.safeParse(value), file);
  const spec = specFor({ datasets }, keyOf(data, path.dirname(path.resolve(file))));
  if (spec !== undefined) return withPaths(spec, here);
  throw new UserError(
    `${file} has no entry for ${data}.`,
    `Its entries are ${Object.keys(datasets).join(', ')}; add one, by the path relative to that file.`,
    { remedy: 'specFile' },
  );
}

/** A spec whose files, beside the data, are named otherwise. */
export function withPaths(
  { catalogue, ...spec }: DatasetSpec,
  rename: (file: string) => string,
): DatasetSpec {
  return catalogue === undefined ? spec : { ...spec, catalogue: rename(catalogue) };
}

async function nearestFile(data: string, workspace: string): Promise<string | undefined> {
  for (const folder of foldersUp(data, workspace)) {
    const file = path.join(folder, RECSYS_FILE);
    if ((await readRecsysFile(file)) !== undefined) return file;
  }
  return undefined;
}

/** The folder of a file; of a glob, the deepest folder without a pattern. */
function folderOf(data: string): string {
  let folder = path.dirname(path.resolve(data));
  while (/[*?[]/.test(path.basename(folder))) folder = path.dirname(folder);
  return folder;
}

/** From the data's folder up to the workspace; only the data's own when it lies outside. */
function foldersUp(data: string, workspace: string): string[] {
  const root = path.resolve(workspace);
  const folders = [folderOf(data)];
  const inside = (folder: string): boolean =>
    folder !== root && folder.startsWith(root.endsWith(path.sep) ? root : root + path.sep);
  for (let last = folders.at(-1); last !== undefined && inside(last); last = folders.at(-1))
    folders.push(path.dirname(last));
  return folders;
}

/** Path of the data relative to a folder, with `/` on every platform. */
function keyOf(data: string, folder: string): string {
  return path.relative(folder, path.resolve(data)).split(path.sep).join('/');
}

function specFor(content: RecsysFile, key: string): DatasetSpec | undefined {
  return (
    content.datasets[key] ?? Object.entries(content.datasets).find(([pattern]) => matches(pattern, key))?.[1]
  );
}

/** Whether a glob of `*`, `**` and `?` matches a relative path. */
function matches(pattern: string, key: string): boolean {
  const source = pattern.replaceAll(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    return part === '?' ? '[^/]' : `\\${part}`;
  });
  return new RegExp(`^${source}$`).test(key);
}
