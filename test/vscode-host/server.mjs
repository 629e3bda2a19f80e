// VS Code's own web server on a free loopback port, with data that are thrown away.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { hostFolder, nodeOf, serverOf } from './places.mjs';

const QUIET = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.startupEditor': 'none',
  'workbench.reduceMotion': 'on',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
};
const NO_GALLERY =
  '{"serviceUrl":"","itemUrl":"","resourceUrlTemplate":"","controlUrl":"","recommendationsUrl":""}';

function writeSettings(user, settings) {
  fs.writeFileSync(path.join(user, 'User/settings.json'), JSON.stringify(settings));
}

function installVsix(node, server, file, common, env) {
  const result = spawnSync(node, [server, '--install-extension', path.resolve(file), ...common], {
    env,
    encoding: 'utf8',
    timeout: 180_000,
  });
  if (result.status !== 0) throw new Error(`cannot install ${file}: ${result.stdout}${result.stderr}`);
}

function linkExtension(folder, extensions) {
  const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const name = `${manifest.publisher}.${manifest.name}-${manifest.version}`.toLowerCase();
  fs.symlinkSync(path.resolve(folder), path.join(extensions, name));
}

function untilListening(child, log, timeoutMs) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the server did not start:\n${log.text}`)), timeoutMs);
    const read = (chunk) => {
      log.text += chunk;
      const port = /Web UI available at http:\/\/[^:\s]+:(\d+)/.exec(log.text)?.[1];
      if (!port) return;
      clearTimeout(timer);
      resolve(Number(port));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the server ended with exit code ${code}:\n${log.text}`)));
  });
}

/**
 * Starts a server.
 * @param options.vsix packages installed first; `link`: extension folders linked in as if installed
 * @param options.development let the page ask for extensionDevelopmentPath (the test-driver switch; it hides toasts)
 * @param options.trust `true`: workspace trust is on, as in a fresh VS Code
 * @param options.host `current` or `oldest`
 */
export async function startServer({
  vsix = [],
  link = [],
  development = false,
  trust = false,
  settings = {},
  env = {},
  host = 'current',
  timeoutMs = 60_000,
} = {}) {
  const home = hostFolder(host);
  const [node, server] = [nodeOf(home), serverOf(home)];
  if (!fs.existsSync(node) || !fs.existsSync(server))
    throw new Error(`There is no VS Code in ${home}; run test/vscode-host/setup.mjs first.`);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recsys-vscode-'));
  const user = path.join(folder, 'data');
  const extensions = path.join(folder, 'extensions');
  const base = { ...QUIET, 'security.workspace.trust.enabled': trust, ...settings };
  fs.mkdirSync(path.join(user, 'User'), { recursive: true });
  fs.mkdirSync(extensions);
  writeSettings(user, base);
  const common = [
    '--accept-server-license-terms',
    '--telemetry-level',
    'off',
    '--server-data-dir',
    folder,
    '--user-data-dir',
    user,
    '--extensions-dir',
    extensions,
  ];
  const fullEnv = { ...process.env, XDG_RUNTIME_DIR: folder, EXTENSIONS_GALLERY: NO_GALLERY, ...env };
  delete fullEnv.NODE_OPTIONS;
  for (const file of vsix) installVsix(node, server, file, common, fullEnv);
  for (const each of link) linkExtension(each, extensions);
  const switches = ['--host', '127.0.0.1', '--port', '0', '--without-connection-token'];
  if (!trust) switches.push('--disable-workspace-trust');
  if (development) switches.push('--enable-smoke-test-driver');
  const child = spawn(node, [server, ...switches, ...common], {
    env: fullEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const log = { text: '' };
  const stop = stopper(child, folder);
  try {
    const port = await untilListening(child, log, timeoutMs);
    const changeSettings = (changes) => writeSettings(user, { ...base, ...changes });
    return { port, pid: child.pid, folder, changeSettings, stop, log: () => log.text };
  } catch (error) {
    stop();
    throw error;
  }
}

/** Ends the server's whole process group, also when the test program is interrupted. */
function stopper(child, folder) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  let stopped = false;
  const interrupted = () => {
    stop();
    process.exit(130);
  };
  const stop = () => {
    if (stopped) return;
    stopped = true;
    process.off('exit', stop);
    for (const signal of signals) process.off(signal, interrupted);
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
    try {
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    } catch {
      // A file that is still being written stays behind in the temporary folder.
    }
  };
  process.on('exit', stop);
  for (const signal of signals) process.on(signal, interrupted);
  return stop;
}
