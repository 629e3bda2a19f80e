#!/usr/bin/env node
// node scripts/pin-results.mjs: writes test/fixtures/pinned-results.json anew, after a step's or a model kind's version
// was raised. It refuses where results changed and no version did. Where the file conflicts in a merge, take the one of
// the branch that is merged into, raise the version above its own, and run this.
import path from 'node:path';
import { build, root, run } from './run-command.mjs';

build();
run(
  path.join(root, 'test/node_modules/.bin/vitest'),
  [
    'run',
    '--config',
    'test/vitest.config.ts',
    '--project',
    'unit*',
    'test/unit/flows/pinned-results.test.ts',
  ],
  { env: { ...process.env, RECSYS_PIN_RESULTS: '1' } },
);
