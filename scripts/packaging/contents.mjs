// Lists a VSIX and says what is wrong with it.
import { createRequire } from 'node:module';
import { statSync } from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { kernelNames, workerEntries } from '../build-entries.mjs';
import { root } from '../run-command.mjs';
import { platformOf } from './native-file.mjs';

const MAX_MB = 30;
const MANY = 12;
const NATIVE = /\.(node|so|dylib|dll)$/;
/** What an extension without would not work, or not be allowed. */
const NEEDED = [
  'package.json',
  'package.nls.json',
  'readme.md',
  'changelog.md',
  'dist/extension.cjs',
  'dist/late.cjs',
  'dist/cli.mjs',
  'dist/client.mjs',
  'dist/client.d.ts',
  ...workerEntries().map(({ out }) => `dist/${out}.mjs`),
  ...kernelNames().flatMap((name) => [`dist/kernels/${name}.wasm`, `dist/kernels/${name}.relaxed.wasm`]),
  'dist/webview/card.js',
  'dist/webview/card.css',
  'dist/THIRD_PARTY_NOTICES.txt',
  'media/icon.png',
  'media/recsys.svg',
  'media/recsys.schema.json',
  'samples/playlists.parquet',
  'samples/playlists.LICENSE',
  'node_modules/@duckdb/node-api/LICENSE',
  'node_modules/@duckdb/node-bindings/LICENSE',
  'node_modules/detect-libc/LICENSE',
];
/** Everything else has no business in the package. */
const ALLOWED =
  /^(package(\.nls)?\.json|readme\.md|changelog\.md|license(\.\w+)?|dist\/(client\.d\.ts|THIRD_PARTY_NOTICES\.txt|[\w./-]+\.(cjs|mjs|js|css|wasm|woff2|ttf))|media\/.+|samples\/.+|docs\/images\/.+\.png|node_modules\/(@duckdb|detect-libc)\/.+)$/i;
const FORBIDDEN = /\.map$|\.tsbuildinfo$|(^|\/)(tests?|src|webview-ui|scripts)\//;

/** The extension's files by name: their bytes as text of code and of native files, nothing of others. */
async function readVsix(file) {
  // The reader that vsce itself uses.
  const vsce = path.join(root, 'test/node_modules/@vscode/vsce/package.json');
  const { openPromise } = createRequire(vsce)('yauzl');
  const archive = await openPromise(file);
  const files = new Map();
  for await (const entry of archive.eachEntry()) {
    if (!entry.fileName.startsWith('extension/') || entry.fileName.endsWith('/')) continue;
    const name = entry.fileName.slice('extension/'.length);
    const read = NATIVE.test(name) || /\.(cjs|mjs)$/.test(name);
    files.set(name, read ? await buffer(await archive.openReadStreamPromise(entry)) : undefined);
  }
  return files;
}

/** Chunks that no other file of the package names: left over from an earlier build. */
function strayChunks(files) {
  const code = [...files].filter(([name]) => /^dist\/.*\.(cjs|mjs)$/.test(name));
  return code
    .map(([name]) => name)
    .filter((name) => name.startsWith('dist/chunks/'))
    .filter((name) => !code.some(([other, bytes]) => other !== name && bytes.includes(path.basename(name))));
}

function nativeFaults(files, { target, os, cpu, name }) {
  const natives = [...files].filter(([file]) => NATIVE.test(file));
  const addons = natives.filter(([file]) => file.endsWith('.node'));
  const faults = natives
    .filter(
      ([file, bytes]) => platformOf(bytes) !== `${os}-${cpu}` || !file.startsWith(`node_modules/${name}/`),
    )
    .map(([file, bytes]) => `${file} is for ${platformOf(bytes)}, not for ${target} by ${name}`);
  if (addons.length !== 1) faults.push(`${addons.length} .node files instead of one`);
  return faults;
}

/** What is wrong with the names and bytes of a package's files for a target; nothing when it is right. */
export function faultsOf(files, target) {
  const names = [...files.keys()];
  const missing = [...NEEDED, `node_modules/${target.name}/LICENSE`].filter((name) => !files.has(name));
  if (!names.some((name) => /^license(\.\w+)?$/i.test(name))) missing.push('LICENSE');
  const strange = names.filter((name) => !ALLOWED.test(name) || FORBIDDEN.test(name));
  return [
    ...missing.map((name) => `${name} is missing`),
    ...strange.map((name) => `${name} does not belong in the package`),
    ...strayChunks(files).map((name) => `${name} is a chunk that nothing loads`),
    ...nativeFaults(files, target),
  ];
}

/** Prints what a VSIX holds, folder by folder; of the many files of packages and chunks their number. */
function list(files) {
  const folders = new Map();
  for (const name of files.keys()) {
    const folder = path.posix.dirname(name);
    folders.set(folder, [...(folders.get(folder) ?? []), path.posix.basename(name)]);
  }
  for (const [folder, names] of folders)
    console.log(`  ${folder}: ${names.length > MANY ? `${names.length} files` : names.join(', ')}`);
}

/** Lists a VSIX, and throws when it is too large, or holds too much, too little or the wrong binding. @returns MB */
export async function checkVsix(file, target) {
  const megabytes = statSync(file).size / 1e6;
  const files = await readVsix(file);
  list(files);
  const faults = faultsOf(files, target);
  if (megabytes > MAX_MB) faults.push(`${megabytes.toFixed(1)} MB are more than ${MAX_MB} MB`);
  if (faults.length > 0) throw new Error(`${path.basename(file)}: ${faults.join('; ')}.`);
  return megabytes;
}
