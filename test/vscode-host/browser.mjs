// Chromium, and the address under which a workbench opens.
import path from 'node:path';
import { URLSearchParams } from 'node:url';
import { chromium } from 'playwright-core';
import { findChromium } from './places.mjs';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @throws Error where no browser is installed */
export function launchBrowser() {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error(
      'No Chromium was found: install chromium-headless-shell, or name one in RECSYS_CHROMIUM.',
    );
  return chromium.launch({
    executablePath,
    headless: true,
    timeout: 60_000,
    args: ARGUMENTS,
  });
}

/** `extension` and `tests` only with a server started for development. */
export function workbenchUrl(port, { folder, workspace, extension, tests }) {
  const authority = `127.0.0.1:${port}`;
  const remote = (file) => `vscode-remote://${authority}${path.resolve(file)}`;
  const payload = [
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  if (extension) payload.push(['extensionDevelopmentPath', remote(extension)]);
  if (tests) payload.push(['extensionTestsPath', remote(tests)]);
  const query = new URLSearchParams({ payload: JSON.stringify(payload) });
  if (workspace) query.set('workspace', path.resolve(workspace));
  else if (folder) query.set('folder', path.resolve(folder));
  else query.set('ew', 'true');
  return `http://${authority}/?${query}`;
}

/** Addresses of a webview's own files: a service worker in the page answers them, no network does. */
const OWN_FILES = '.vscode-resource.vscode-cdn.net';

/** Hosts other than this machine that a page asked for. */
export function watchOutsideHosts(page) {
  const hosts = new Set();
  page.on('request', (request) => {
    const url = new URL(request.url());
    const outside =
      /^(https?|wss?):$/.test(url.protocol) &&
      url.hostname !== '127.0.0.1' &&
      !url.hostname.endsWith(OWN_FILES);
    if (outside) hosts.add(url.host);
  });
  return hosts;
}
