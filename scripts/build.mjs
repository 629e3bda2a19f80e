#!/usr/bin/env node
// Builds everything into dist/: kernels (WebAssembly), the pipeline with its workers, the extension, the webviews.
//   node scripts/build.mjs [--watch] [--dev]
import { chmodSync, existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { workerEntries } from './build-entries.mjs';
import { bundlePipeline, EXTERNAL, REQUIRE, watchPipeline } from './bundle-pipeline.mjs';
import { writeNotices } from './third-party-notices.mjs';
import { VIEW_OPTIONS, viewEntries, viewNames } from './webviews.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const watch = process.argv.includes('--watch');
const minify = !watch && !process.argv.includes('--dev');

const common = {
  absWorkingDir: root,
  bundle: true,
  minify,
  sourcemap: minify ? false : 'linked',
  logLevel: 'warning',
  legalComments: 'none',
  metafile: true,
};
const present = (entries) => entries.filter((entry) => existsSync(path.resolve(root, entry.in)));

/** What the extension loads late is a bundle of its own, so that starting does not read it. */
const latePart = {
  name: 'late part of the extension',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/late\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './late.cjs', external: true } : undefined,
    ),
};

const bundles = [
  {
    ...common,
    entryPoints: present(workerEntries()),
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    splitting: true,
    external: EXTERNAL,
    banner: { js: REQUIRE },
    keepNames: true,
  },
  {
    ...common,
    entryPoints: present([
      { in: 'src/extension/extension.ts', out: 'extension' },
      { in: 'src/extension/late.ts', out: 'late' },
    ]),
    plugins: [latePart],
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['vscode'],
    keepNames: true,
  },
  {
    ...common,
    ...VIEW_OPTIONS,
    minify,
    entryPoints: viewNames(root).flatMap((name) => viewEntries(name)),
    outdir: 'dist/webview',
  },
].filter((bundle) => bundle.entryPoints.length > 0);

function buildKernels() {
  const { status } = spawnSync(process.execPath, [path.join(root, 'scripts/build-kernels.mjs')], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** Chunks of earlier builds carry other hashes in their names and would go into the VSIX. */
function removeStaleChunks(metafiles) {
  const folder = path.join(root, 'dist/chunks');
  const made = new Set(
    metafiles.flatMap(({ outputs }) => Object.keys(outputs)).map((file) => path.basename(file)),
  );
  for (const name of existsSync(folder) ? readdirSync(folder) : [])
    if (!made.has(name)) rmSync(path.join(folder, name));
}

/** Schemas are half as much code again as the window needs to start. */
function requireLateSchemas(metafiles) {
  const outputs = metafiles.flatMap((metafile) => Object.entries(metafile.outputs));
  const [, main] = outputs.find(([file]) => path.basename(file) === 'extension.cjs') ?? [];
  const schemas = Object.keys(main?.inputs ?? {}).filter((file) => file.includes('node_modules/zod/'));
  if (schemas.length === 0) return;
  console.error(
    'dist/extension.cjs holds zod: what is used of its module goes through src/extension/late.ts.',
  );
  process.exit(1);
}

/** Compiling takes longer than bundling, so it goes on beside it. */
async function writeClientTypes() {
  const child = spawn(process.execPath, [path.join(root, 'scripts/client-types.mjs')], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (code !== 0) process.exit(1);
}

buildKernels();
if (watch) {
  watchPipeline(root);
  for (const bundle of bundles) await (await esbuild.context(bundle)).watch();
  console.log('watching');
} else {
  const types = writeClientTypes();
  const metafiles = await Promise.all([
    ...bundles.map(async (bundle) => (await esbuild.build(bundle)).metafile),
    bundlePipeline(root, minify),
  ]);
  chmodSync(path.join(root, 'dist/cli.mjs'), 0o755);
  requireLateSchemas(metafiles);
  removeStaleChunks(metafiles);
  writeNotices(root, metafiles);
  await types;
}
