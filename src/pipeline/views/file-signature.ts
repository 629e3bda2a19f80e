import * as fs from 'node:fs';
import * as path from 'node:path';

/** Changes whenever one of the files is written, replaced, made or removed. */
export function signatureOf(folder: string, files: readonly string[]): string {
  return files.map((file) => stampOf(path.join(folder, file))).join(' ');
}

function stampOf(file: string): string {
  const stats = fs.statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? '-' : `${stats.mtimeMs}:${stats.size}:${stats.ino}`;
}
