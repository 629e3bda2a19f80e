#!/usr/bin/env node
// npm run bench [-- name …]: measures us against the peers in one run and writes docs/benchmarks.json.
import { readdirSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, root } from './run-command.mjs';
import { pythonOfPeers } from './python-peers.mjs';

const all = readdirSync(path.join(root, 'bench'))
  .filter((name) => name.endsWith('.bench.ts'))
  .map((name) => name.replace('.bench.ts', ''));
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`No benchmark is called ${unknown.join(', ')}. Benchmarks: ${all.join(', ')}.`);
  process.exit(2);
}
build();
// Only now: build() may have installed it.
const esbuild = await import('esbuild');
process.env.RECSYS_PYTHON = pythonOfPeers();
const out = path.join(root, 'test-results/bench');
mkdirSync(out, { recursive: true });
await esbuild.build({
  absWorkingDir: root,
  entryPoints: [
    ...all.map((name) => ({ in: `bench/${name}.bench.ts`, out: name })),
    { in: 'bench/write-results.ts', out: 'write-results' },
  ],
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  external: ['@duckdb/node-api'],
  // Bundled CommonJS packages ask for Node's own modules by require().
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
  // Units of the extension are measured without VS Code.
  alias: { vscode: './test/unit/extension/vscode-stub/index.ts' },
  logLevel: 'warning',
});
const load = (name) => import(pathToFileURL(path.join(out, `${name}.mjs`)).href);
const results = {};
for (const name of asked.length > 0 ? asked : all) {
  console.log(`\n──── ${name}`);
  results[name] = await (await load(name)).run();
}
await (await load('write-results')).writeResults(results, all);
