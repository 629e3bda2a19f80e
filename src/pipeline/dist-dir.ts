import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of the build's output: kernels, workers, webviews. Found from the bundled files and from the sources
 * alike, by walking up to the folder with `package.json`.
 */
export function distDir(): string {
  const start = path.dirname(fileURLToPath(import.meta.url));
  for (let folder = start; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'package.json'))) return path.join(folder, 'dist');
    if (folder === path.dirname(folder)) throw new Error(`no package.json above ${start}`);
  }
}
