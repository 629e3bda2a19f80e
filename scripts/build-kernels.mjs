/**
 * Compiles each kernel, src/kernels/<name>/index.ts, to dist/kernels/<name>.wasm (plain SIMD) and
 * dist/kernels/<name>.relaxed.wasm (relaxed SIMD). What is newer than all its sources is left alone; `--force` builds all.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const sources = join(root, 'src', 'kernels');
const output = join(root, 'dist', 'kernels');
const BUILDS = [
  { suffix: '.wasm', flags: [] },
  { suffix: '.relaxed.wasm', flags: ['--enable', 'relaxed-simd'] },
];
// The memory is imported and shared; the lowest 64 KiB are the compiler's (constants), the rest is laid out by the caller.
const FLAGS = [
  '-O3',
  '--noAssert',
  '--runtime',
  'stub',
  '--enable',
  'simd',
  '--enable',
  'threads',
  '--importMemory',
  '--sharedMemory',
  '--initialMemory',
  '1',
  '--maximumMemory',
  '65536',
];

function newestSource(folder) {
  let newest = statSync(fileURLToPath(import.meta.url)).mtimeMs;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile())
      newest = Math.max(newest, statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs);
  }
  return newest;
}

function isUpToDate(file, newest) {
  return existsSync(file) && statSync(file).mtimeMs > newest;
}

async function compile(entry, file, flags) {
  const { default: asc } = await import('assemblyscript/asc');
  const temporary = `${file}.${process.pid}.tmp.wasm`;
  const { error, stderr } = await asc.main([entry, '--outFile', temporary, ...FLAGS, ...flags]);
  if (error)
    throw new Error(`AssemblyScript could not compile ${entry}:\n${stderr.toString()}`, { cause: error });
  renameSync(temporary, file);
}

/** Builds what is out of date; returns the files built. */
export async function buildKernels({ force = false } = {}) {
  mkdirSync(output, { recursive: true });
  const built = [];
  for (const name of readdirSync(sources)) {
    const entry = join(sources, name, 'index.ts');
    if (!existsSync(entry)) continue;
    const newest = newestSource(join(sources, name));
    for (const { suffix, flags } of BUILDS) {
      const file = join(output, name + suffix);
      if (!force && isUpToDate(file, newest)) continue;
      await compile(entry, file, flags);
      built.push(file);
    }
  }
  return built;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const built = await buildKernels({ force: process.argv.includes('--force') });
  console.log(
    built.length === 0
      ? 'kernels are up to date'
      : `built ${built.map((file) => file.slice(root.length + 1)).join(', ')}`,
  );
}
