/** Columns that stand in the names of folders, as Hive and Spark write them: `year=2024/month=01/part-0.parquet`. */
import * as path from 'node:path';

export interface HiveColumns {
  readonly names: readonly string[];
  /** DuckDB's option that reads them, or leaves them. */
  readonly option: string;
}

export const NO_FOLDERS: HiveColumns = { names: [], option: 'hive_partitioning = false' };

/** Of the folders that the files lie in, where these have the same names for all. */
export function hiveColumns(files: readonly string[]): HiveColumns {
  const all = files.map((file) => keysOf(path.dirname(file)));
  const [first = []] = all;
  const alike = first.length > 0 && all.every((keys) => keys.join('/') === first.join('/'));
  return alike
    ? { names: first, option: 'hive_partitioning = true, hive_types_autocast = false' }
    : NO_FOLDERS;
}

function keysOf(folders: string): string[] {
  return folders.split(path.sep).flatMap((folder) => {
    const at = folder.indexOf('=');
    return at > 0 ? [folder.slice(0, at)] : [];
  });
}
