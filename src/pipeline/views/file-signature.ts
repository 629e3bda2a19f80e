import * as fs from 'node:fs';

/**
 * Changes whenever one of the files is written, replaced, made or removed.
 * @param files with slashes, which every platform takes
 */
export function signatureOf(folder: string, files: readonly string[]): string {
  return files.map((file) => stampOf(`${folder}/${file}`)).join(' ');
}

function stampOf(file: string): string {
  const stats = fs.statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? '-' : `${stats.mtimeMs}:${stats.size}:${stats.ino}`;
}
