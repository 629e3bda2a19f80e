#!/usr/bin/env node
// node scripts/item-similarity.mjs <run> [--model …] [--split …] [--store …]: which vectors of an encoder tell similar items.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { root } from './run-command.mjs';

const outfile = path.join(root, 'test-results/bench/item-similarity.mjs');
await esbuild.build({
  absWorkingDir: root,
  entryPoints: ['bench/item-similarity.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  external: ['@duckdb/node-api'],
  logLevel: 'warning',
});
await import(pathToFileURL(outfile).href);
