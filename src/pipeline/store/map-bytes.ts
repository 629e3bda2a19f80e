import * as fs from 'node:fs';
import * as path from 'node:path';
import { MAPS, type RunFolder } from './run-folder.ts';

/** Bytes of the maps that stand beside a run's steps: they are derived, but they take room, and go with the run. */
export function mapBytes({ folder }: Pick<RunFolder, 'folder'>): number {
  return foldersIn(path.join(folder, MAPS)).reduce((sum, map) => sum + bytesIn(map), 0);
}

/** A run's size is all that it holds: what its steps made, and its maps, which are told apart. */
export function withMaps(
  ofSteps: number,
  ofMaps: number,
): { readonly bytes: number; readonly mapBytes?: number } {
  return { bytes: ofSteps + ofMaps, ...(ofMaps === 0 ? {} : { mapBytes: ofMaps }) };
}

function foldersIn(folder: string): string[] {
  return entriesOf(folder).flatMap((entry) => (entry.isDirectory() ? [path.join(folder, entry.name)] : []));
}

function bytesIn(folder: string): number {
  return entriesOf(folder).reduce((sum, { name }) => {
    const stats = fs.statSync(path.join(folder, name), { throwIfNoEntry: false });
    return sum + (stats?.size ?? 0);
  }, 0);
}

/** None where there is no such folder, or no more; and where it cannot be read: a run is shown without its size. */
function entriesOf(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
