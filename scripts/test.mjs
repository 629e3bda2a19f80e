#!/usr/bin/env node
// npm test: everything. node scripts/test.mjs [static] [unit] [crash] [ui] [vscode] [peers] [-- vitest filters]
// Without names: all but the peers, which need Python packages from PyPI (.ci/run runs them too).
// RECSYS_VSCODE=oldest or =current runs the VS Code suites on that one alone; RECSYS_BUILT=1 takes dist as it is.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, commandSuffix, installPackages, root } from './run-command.mjs';
import { pythonOfPeers } from './python-peers.mjs';
import { closingLine, runSuites } from './suites.mjs';

const [names, filters] = splitArguments(process.argv.slice(2));
const wanted = names.length > 0 ? names : ['static', 'unit', 'crash', 'vscode', 'ui'];
const bin = (name) => path.join(root, 'node_modules', '.bin', name + commandSuffix);
const vitest = (project, extra = []) => ({
  command: path.join(root, `test/node_modules/.bin/vitest${commandSuffix}`),
  args: ['run', '--config', 'test/vitest.config.ts', `--project=${project}`, ...extra],
});

const node = (name, script, ...args) => ({ name, command: process.execPath, args: [script, ...args] });

/**
 * Lanes beside each other. What drives a window, a page or processes waits for most of its time, and for a person's
 * patience at most: it comes first. What computes takes what is left: lint, too, which has one thread, and would be alone
 * on the machine in the end if it came last. VS Code comes from the network while what needs none of it runs.
 */
const nicer = (niceness, { command, args, ...suite }) => ({
  ...suite,
  ...(process.platform === 'win32'
    ? { command, args }
    : { command: 'nice', args: ['-n', String(niceness), command, ...args] }),
});
const beforeWindow = (suite) => ({ ...suite, lane: 'windows' });
const computing = (suite) => nicer(5, suite);
const besideOthers = (suite) => ({ ...computing(suite), lane: 'beside others' });

const settingUp = (name, ...args) => ({
  ...node(name, 'test/vscode-host/setup.mjs', ...args),
  ...{ check: true, downloads: true, lane: 'setting up' },
});

/**
 * Each Node that starts reads all certificates of this list, which takes as long as the rest of its start, and tests
 * start thousands: those that download nothing go without.
 */
const withoutCertificates = (suite) =>
  suite.downloads ? suite : { ...suite, env: { ...suite.env, NODE_EXTRA_CA_CERTS: undefined } };

/** @param only `oldest` or `current` VS Code; both when not given */
function vscodeSuites(only) {
  const oldest = settingUp('oldest VS Code, set up', '--oldest');
  const current = settingUp('VS Code, set up');
  const ofOldest = [
    oldest,
    beforeWindow({
      ...node('oldest VS Code, host', 'test/vscode/run-host-tests.mjs', '--oldest'),
      needs: oldest.name,
    }),
  ];
  const ofCurrent = [
    current,
    ...[
      node('VS Code, extension host', 'test/vscode/run-host-tests.mjs'),
      node('VS Code, workbench', 'test/vscode/run-ui-tests.mjs'),
      node('VS Code, installed VSIX', 'test/vscode/run-ui-tests.mjs', '--vsix'),
    ].map((suite) => beforeWindow({ ...suite, needs: current.name })),
  ];
  if (only === 'oldest') return ofOldest;
  return only === 'current' ? ofCurrent : [...ofOldest, ...ofCurrent];
}

/** What needs Python packages: vitest's tests, and the window that deploys to moto; with filters the tests alone. */
function peerSuites() {
  const env = { RECSYS_PYTHON: pythonOfPeers() };
  const tests = computing({ name: 'peers', ...vitest('peers', filters), env });
  if (filters.length > 0) return [tests];
  const current = settingUp('VS Code, set up');
  const deploying = node('VS Code, deploying', 'test/vscode/run-ui-tests.mjs', '--only', 'deploy');
  return [tests, current, beforeWindow({ ...deploying, env, needs: current.name })];
}

const SUITES = {
  static: () => [
    { name: 'types', command: bin('tsc'), args: ['-p', 'tsconfig.json'], check: true },
    {
      name: 'types of the webviews',
      command: bin('tsc'),
      args: ['-p', 'webview-ui/tsconfig.json'],
      check: true,
    },
    { name: 'format', command: bin('prettier'), args: ['--check', '.', '--log-level', 'warn'], check: true },
    besideOthers({ name: 'lint', command: bin('eslint'), args: ['.', '--max-warnings', '0'], check: true }),
  ],
  unit: () => [computing({ name: 'unit', ...vitest('unit*', filters) })],
  crash: () => [beforeWindow({ name: 'crash', ...vitest('crash', filters) })],
  ui: () => [beforeWindow({ name: 'views in a browser', ...vitest('ui', filters) })],
  vscode: () => vscodeSuites(process.env.RECSYS_VSCODE),
  peers: peerSuites,
};

function splitArguments(all) {
  const at = all.findIndex((word) => !(word in { static: 1, unit: 1, crash: 1, ui: 1, vscode: 1, peers: 1 }));
  return at < 0 ? [all, []] : [all.slice(0, at), all.slice(at).filter((word) => word !== '--')];
}

const unknown = wanted.filter((name) => !(name in SUITES));
if (unknown.length > 0) {
  console.error(`No suite is called ${unknown.join(', ')}. Suites: ${Object.keys(SUITES).join(', ')}.`);
  process.exit(2);
}
if (process.env.RECSYS_BUILT === undefined) build();
installPackages(path.join(root, 'test'));
const total = await runSuites(wanted.flatMap((name) => SUITES[name]()).map(withoutCertificates));
mkdirSync(path.join(root, 'test-results'), { recursive: true });
writeFileSync(
  path.join(root, 'test-results', `summary-${names.length > 0 ? wanted.join('-') : 'all'}.json`),
  JSON.stringify(total),
);
console.log(closingLine(total));
process.exitCode = total.failed > 0 ? 1 : 0;
