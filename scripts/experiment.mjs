#!/usr/bin/env node
// node scripts/experiment.mjs item-similarity|blend-gain <run> [--store …] …: figures of docs/models.md, from a finished run.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { root } from './run-command.mjs';

const EXPERIMENTS = ['item-similarity', 'blend-gain'];
const [name] = process.argv.splice(2, 1);
if (!EXPERIMENTS.includes(name)) {
  console.error(`Which experiment? Known: ${EXPERIMENTS.join(', ')}.`);
  process.exit(2);
}
const outfile = path.join(root, `test-results/bench/${name}.mjs`);
await esbuild.build({
  absWorkingDir: root,
  entryPoints: [`bench/${name}.ts`],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  external: ['@duckdb/node-api'],
  logLevel: 'warning',
});
await import(pathToFileURL(outfile).href);
