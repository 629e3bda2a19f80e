#!/usr/bin/env node
// Bundles test/vscode/suite and the panel it needs, and runs it with mocha inside the extension host of a real VS Code.
//   node test/vscode/run-host-tests.mjs [--oldest] [--only suite]
import path from 'node:path';
import process from 'node:process';
import * as esbuild from 'esbuild';
import { VIEW_OPTIONS, viewEntries } from '../../scripts/webviews.mjs';
import { runMochaInHost } from '../vscode-host/mocha-in-host.mjs';
import { newWorkspace, removeWorkspace, repository } from './places.mjs';

// Beside test/node_modules, so that the bundle finds mocha.
const bundle = path.join(repository, 'test/.vscode-test/suite.cjs');
await esbuild.build({
  entryPoints: [path.join(repository, 'test/vscode/suite/index.ts')],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode', 'mocha'],
  logLevel: 'warning',
});
// The panel that only tests know.
const views = path.join(repository, 'test/.vscode-test/views');
await esbuild.build({
  ...VIEW_OPTIONS,
  absWorkingDir: repository,
  entryPoints: viewEntries('toy', 'test/fixtures/toy-panel'),
  outdir: views,
  logLevel: 'warning',
});
const asked = process.argv.indexOf('--only');
const only = asked < 0 ? {} : { RECSYS_ONLY_SUITE: process.argv[asked + 1] };
// A large catalogue is asked about in one of them: it takes most of a minute, and engine and provider are the same.
const leftOut = process.argv.includes('--oldest') ? { RECSYS_LEFT_OUT_SUITE: 'hover-at-size' } : {};
const folder = newWorkspace('host-tests');
try {
  process.exitCode = await runMochaInHost({
    folder,
    extension: repository,
    tests: bundle,
    env: { RECSYS_REPOSITORY: repository, RECSYS_TEST_VIEWS: views, ...only, ...leftOut },
    settings: { 'files.watcherExclude': { '**/mine/**': true } },
    host: process.argv.includes('--oldest') ? 'oldest' : 'current',
  });
} finally {
  removeWorkspace(folder);
}
