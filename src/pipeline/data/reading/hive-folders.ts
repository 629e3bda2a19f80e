/** Columns that stand in the names of folders, as Hive and Spark write them: `year=2024/month=01/part-0.parquet`. */
import * as path from 'node:path';
import { oneOrMany } from '../../../protocol/text/format.ts';
import type { RawTable } from './raw-table.ts';

export interface HiveColumns {
  readonly names: readonly string[];
  /** DuckDB's option that reads them, or leaves them. */
  readonly option: string;
}

export const NO_FOLDERS: HiveColumns = { names: [], option: 'hive_partitioning = false' };

/** Of the folders right above the files, where these have the same names for all: others are none of the data's. */
export function hiveColumns(files: readonly string[]): HiveColumns {
  const all = files.map((file) => keysOf(path.dirname(file)));
  const [first = []] = all;
  const alike = first.length > 0 && all.every((keys) => keys.join('/') === first.join('/'));
  return alike
    ? { names: first, option: 'hive_partitioning = true, hive_types_autocast = false' }
    : NO_FOLDERS;
}

/** From the file upwards, as far as each folder is a column: of `run=5/data/day=7`, the day. */
function keysOf(folders: string): string[] {
  const keys = folders.split(path.sep).map((folder) => /^([^=]+)=/.exec(folder)?.[1]);
  return keys.slice(keys.lastIndexOf(undefined) + 1).filter((key) => key !== undefined);
}

/** The files' own columns win over those of the folders, which are then left alone. */
export async function besideFolders(
  hive: HiveColumns,
  tableWith: (hive: HiveColumns) => RawTable | Promise<RawTable>,
): Promise<RawTable> {
  if (hive.names.length === 0) return await tableWith(hive);
  const bare = await tableWith(NO_FOLDERS);
  const own = new Set(bare.columns.map(({ name }) => name.toLowerCase()));
  const both = hive.names.filter((name) => own.has(name.toLowerCase()));
  if (both.length === 0) return await tableWith(hive);
  return { ...bare, seen: [...bare.seen, ownSentence(both, hive.names)] };
}

function ownSentence(both: readonly string[], folders: readonly string[]): string {
  const quoted = (names: readonly string[]): string => names.map((name) => `‘${name}’`).join(', ');
  const rest = folders.filter((name) => !both.includes(name));
  const stand = oneOrMany(both.length, 'stands', () => 'stand');
  const left = rest.length === 0 ? '' : `, and ${quoted(rest)} of the folders is left out with it`;
  return `${quoted(both)} ${stand} in the files and in the names of their folders: what stands in the files is taken${left}`;
}
