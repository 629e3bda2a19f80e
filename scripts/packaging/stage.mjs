// The folder that becomes a VSIX: what is the same everywhere, and one platform's binding.
import { cpSync, existsSync, readFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../run-command.mjs';
import { bindingFolder, cache } from './binding.mjs';
import { thinned } from './native-file.mjs';

const COMMON = [
  'package.json',
  'package.nls.json',
  '.vscodeignore',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'dist',
  'media',
  'samples',
  'docs/images',
];
const MODULES = ['@duckdb/node-bindings', 'detect-libc'];
/** The code of these is in the bundles, but npm, which lists what is packed, looks for all dependencies. */
const BUNDLED = ['@duckdb/node-api'].flatMap((name) => [`${name}/package.json`, `${name}/LICENSE`]);
/** DuckDB's library for macOS is one file for both machines: half of it would never run. */
const LIBRARY = 'libduckdb.dylib';

function copy(from, to) {
  mkdirSync(path.dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true, dereference: true });
}

/** @param target an entry of `allTargets()` @returns the folder */
export function stage(target) {
  const folder = path.join(cache, 'stage', target.target);
  rmSync(folder, { recursive: true, force: true });
  for (const name of COMMON) copy(path.join(root, name), path.join(folder, name));
  for (const name of [...MODULES, ...BUNDLED])
    copy(path.join(root, 'node_modules', name), path.join(folder, 'node_modules', name));
  const binding = path.join(folder, 'node_modules', target.name);
  copy(bindingFolder(target), binding);
  const library = path.join(binding, LIBRARY);
  if (existsSync(library)) writeFileSync(library, thinned(readFileSync(library), target.cpu));
  return folder;
}
