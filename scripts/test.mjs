#!/usr/bin/env node
// npm test: everything. node scripts/test.mjs [static] [crash] [unit] [ui] [vscode] [peers] [-- vitest filters]
// Without names: all but the peers, which need Python packages from PyPI (.ci/run names them too).
// RECSYS_VSCODE=oldest or =current runs the VS Code suites on that one alone; RECSYS_BUILT=1 takes dist as it is.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, commandSuffix, installPackages, root } from './run-command.mjs';
import { pythonOfPeers } from './python-peers.mjs';
import { closingLine, runSuites } from './suites.mjs';

const [names, filters] = splitArguments(process.argv.slice(2));
const wanted = names.length > 0 ? names : ['static', 'crash', 'unit', 'ui', 'vscode'];
const bin = (name) => path.join(root, 'node_modules', '.bin', name + commandSuffix);
const vitest = (project, extra = []) => ({
  command: path.join(root, `test/node_modules/.bin/vitest${commandSuffix}`),
  args: ['run', '--config', 'test/vitest.config.ts', `--project=${project}`, ...extra],
});

const node = (name, script, ...args) => ({ name, command: process.execPath, args: [script, ...args] });

/**
 * Three lanes beside each other, about as long as each other: more would make windows and pages draw for longer than they
 * gain. What drives a window waits for most of its time, and for a person's patience at most: it comes first. What
 * computes takes what is left: lint, too, which has one thread, and the peers after it. VS Code and Python packages come
 * from the network while what needs none of them runs.
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

const settingUp = (suite) => ({ ...suite, check: true, downloads: true, lane: 'setting up' });
const vscode = (name, ...args) => settingUp(node(name, 'test/vscode-host/setup.mjs', ...args));
const oldestVscode = vscode('oldest VS Code, set up', '--oldest');
const currentVscode = vscode('VS Code, set up');
const pythonPackages = settingUp(node('Python packages, set up', 'scripts/set-up-python.mjs'));

/**
 * Each Node that starts reads all certificates of this list, which takes as long as the rest of its start, and tests
 * start thousands: those that download nothing go without.
 */
const withoutCertificates = (suite) =>
  suite.downloads ? suite : { ...suite, env: () => ({ ...suite.env?.(), NODE_EXTRA_CA_CERTS: undefined }) };

/** @param only `oldest` or `current` VS Code; both when not given */
function vscodeSuites(only) {
  const ofOldest = [
    oldestVscode,
    beforeWindow({
      ...node('oldest VS Code, host', 'test/vscode/run-host-tests.mjs', '--oldest'),
      needs: [oldestVscode.name],
    }),
  ];
  const ofCurrent = [
    currentVscode,
    ...[
      node('VS Code, extension host', 'test/vscode/run-host-tests.mjs'),
      node('VS Code, workbench', 'test/vscode/run-ui-tests.mjs'),
      node('VS Code, installed VSIX', 'test/vscode/run-ui-tests.mjs', '--vsix'),
    ].map((suite) => beforeWindow({ ...suite, needs: [currentVscode.name] })),
  ];
  if (only === 'oldest') return ofOldest;
  return only === 'current' ? ofCurrent : [...ofOldest, ...ofCurrent];
}

/** What needs Python packages: vitest's tests, and the window that deploys to moto; with filters the tests alone. */
function peerSuites() {
  const env = () => ({ RECSYS_PYTHON: pythonOfPeers() });
  const tests = { name: 'peers', ...vitest('peers', filters), env, needs: [pythonPackages.name] };
  if (filters.length > 0) return [pythonPackages, besideOthers(tests)];
  const deploying = node('VS Code, deploying', 'test/vscode/run-ui-tests.mjs', '--only', 'deploy');
  return [
    currentVscode,
    pythonPackages,
    besideOthers(tests),
    beforeWindow({ ...deploying, env, needs: [currentVscode.name, pythonPackages.name] }),
  ];
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
  crash: () => [computing({ name: 'crash', ...vitest('crash', filters) })],
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
// What two of them need is there once.
const suites = new Set(wanted.flatMap((name) => SUITES[name]()));
const total = await runSuites([...suites].map(withoutCertificates));
mkdirSync(path.join(root, 'test-results'), { recursive: true });
writeFileSync(path.join(root, 'test-results', 'summary.json'), JSON.stringify(total));
console.log(closingLine(total));
process.exitCode = total.failed > 0 ? 1 : 0;
