import { createHash } from 'node:crypto';
import * as path from 'node:path';
import type { DatasetSpec } from '../../../protocol/dataset-spec.ts';
import type { DataFingerprint, InputFile } from '../../../protocol/run.ts';
import { EXIT, messageOf, UserError } from '../../../protocol/user-error.ts';
import { readInputFile } from '../../store/content-hash.ts';
import { hashValue } from '../../store/file-hash.ts';
import { checkSpec, columnsOf } from '../check-spec.ts';
import type { Column } from '../column.ts';
import { locateFiles } from '../locate-files.ts';
import { checkCatalogue } from './check-catalogue.ts';
import { describeColumns } from './describe-data.ts';

export interface FingerprintOptions {
  /** The columns, where they were read in the spec's format just now. */
  readonly columns?: readonly Column[];
  /** Files that are read beside the data, by what they are to the spec: its field's name. Default: its catalogue. */
  readonly others?: Readonly<Record<string, string>>;
  /** Reads and hashes a file; the default knows none from before. */
  readonly read?: (file: string) => Promise<InputFile>;
}

/**
 * What tells these data apart from others: paths (absolute), sizes, times, a hash of the columns and one of all content.
 * @param given a path or a glob
 * @throws UserError when there are no such files, when they cannot be read as the spec's format, or don't fit the spec
 */
export async function fingerprintData(
  given: string,
  spec: DatasetSpec,
  {
    columns: seen,
    others = spec.catalogue === undefined ? {} : { catalogue: spec.catalogue },
    read = (file) => readInputFile(file),
  }: FingerprintOptions = {},
): Promise<DataFingerprint> {
  const located = await locateFiles(given);
  const columns = seen ?? (await describeColumns(given, spec));
  checkSpec(spec, columns, given);
  if (spec.catalogue !== undefined) await checkCatalogue(spec.catalogue, spec);
  const files: InputFile[] = [];
  for (const file of located) files.push(await read(file.path));
  const beside: Record<string, InputFile> = {};
  for (const [what, file] of Object.entries(others)) beside[what] = await readBeside(file, read);
  return {
    path: given,
    folder: process.cwd(),
    files,
    ...(Object.keys(beside).length === 0 ? {} : { others: beside }),
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    schemaHash: createHash('sha256')
      .update(JSON.stringify(columns.map(({ name, type }) => [name, type])))
      .digest('hex'),
    contentHash: contentOf(files, beside, spec),
  };
}

async function readBeside(file: string, read: (file: string) => Promise<InputFile>): Promise<InputFile> {
  try {
    return await read(path.resolve(file));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `${file} cannot be read: ${messageOf(error)}.`,
      'Check its path and its permissions.',
      {
        cause: error,
        exitCode: EXIT.notFound,
      },
    );
  }
}

/** The content in the order of the files, which is the order of rows, and what is read of names and folders. */
function contentOf(
  files: readonly InputFile[],
  others: Readonly<Record<string, InputFile>>,
  spec: DatasetSpec,
): string {
  const columns = new Set(columnsOf(spec).map((name) => name.toLowerCase()));
  return hashValue({
    files: files.map((file) => [file.hash, readOfPath(file.path, columns)]),
    others: Object.fromEntries(
      Object.entries(others).map(([what, { path: file, hash }]) => [what, [hash, extensions(file)]]),
    ),
  });
}

/** Columns that hold the name of a row's file. */
const NAME_COLUMNS = ['file', 'filename'];

/**
 * What reading takes from a file's path: its extensions, which say how it is written; its name where that is a column;
 * and of folders such as `day=7` those that are columns.
 */
function readOfPath(file: string, columns: ReadonlySet<string>): unknown {
  const folders = path
    .dirname(file)
    .split(/[\\/]/)
    .filter((folder) => columns.has((/^([^=]+)=/.exec(folder)?.[1] ?? '').toLowerCase()));
  const name = NAME_COLUMNS.some((column) => columns.has(column)) ? path.basename(file) : '';
  return [extensions(file), name, folders];
}

/** `.csv.gz` of `orders.2026.csv.gz`. */
function extensions(file: string): string {
  return (/\.[a-z0-9]+(\.(gz|zst|bz2|xz))?$/i.exec(path.basename(file))?.[0] ?? '').toLowerCase();
}
