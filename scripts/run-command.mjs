// Small helpers the scripts share. Plain Node: they run before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
/** Of the commands that npm brings: on Windows they are scripts, which only a shell starts. */
export const commandSuffix = process.platform === 'win32' ? '.cmd' : '';
export const npm = `npm${commandSuffix}`;
const needsShell = (command) => command.endsWith('.cmd');

/** Runs a command in the foreground; ends this process when it fails. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: needsShell(command),
    ...options,
  });
  if (error) console.error(`${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

/** Runs a command, shows its output as it comes unless told otherwise, and gives its exit code and output. */
export function capture(command, args, options = {}, isShown = true) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: needsShell(command),
      ...options,
    });
    let output = '';
    const take = (chunk) => {
      output += chunk;
      if (isShown) process.stdout.write(chunk);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => resolve({ code: 1, output: `${output}\n${error.message}` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Installs a folder's packages exactly as its lock file says, unless that was done already. */
export function installPackages(folder = root) {
  const lock = readFileSync(path.join(folder, 'package-lock.json'));
  const mark = path.join(folder, 'node_modules', '.installed-lock');
  const hash = createHash('sha256').update(lock).digest('hex');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === hash) return;
  console.log(`Installing packages in ${path.relative(process.cwd(), folder) || '.'} …`);
  run(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder });
  mkdirSync(path.dirname(mark), { recursive: true });
  writeFileSync(mark, hash);
}

/** Builds dist/ (installing first what that needs). */
export function build() {
  installPackages();
  run(process.execPath, ['scripts/build.mjs']);
}
