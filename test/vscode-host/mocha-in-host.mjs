// Runs a mocha suite inside the extension host of a real VS Code and gives its exit code.
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { launchBrowser, watchOutsideHosts, workbenchUrl } from './browser.mjs';
import { startServer } from './server.mjs';

/** Lines of the workbench itself that arrive among the suite's own output. */
const CHATTER =
  /^(Resolv(ing|ed) connection token|Creating a socket|\[reconnection-grace-time\]|Updating additional builtin|Ignoring fetching additional builtin|Timed out waiting for authentication provider|\[AgentHost|\[AccountPolicyGate\]|\[Service Worker\] registration)/;

/**
 * When an extension host dies, exit code 0 arrives. So the suite runs inside a wrapper that leaves a mark in a file,
 * and only code 0 together with the mark `passed` counts.
 */
function writeWrapper(file, tests, mark) {
  fs.writeFileSync(
    file,
    `const fs = require('fs');
const leave = (text) => fs.writeFileSync(${JSON.stringify(mark)}, text);
exports.run = async () => {
  leave('started');
  try {
    await require(${JSON.stringify(tests)}).run();
    leave('passed');
  } catch (error) {
    leave('failed');
    console.error(error && error.stack || error);
    throw error;
  }
};`,
  );
}

function exitCodeOf(page, url, timeoutMs, log) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no result within ${timeoutMs} ms; the server said:\n${log()}`)),
      timeoutMs,
    );
    page.on('crash', () => reject(new Error('the page crashed')));
    const print = (kind, args) => {
      if (CHATTER.test(String(args[0]))) return;
      if (kind === 'error') console.error(...args);
      else console.log(...args);
    };
    page
      .exposeFunction('codeAutomationLog', print)
      .then(() =>
        page.exposeFunction('codeAutomationExit', (code) => {
          clearTimeout(timer);
          resolve(code);
        }),
      )
      .then(() => page.goto(url, { timeout: 60_000 }))
      .catch(reject);
  });
}

/** Gives 0 when the suite passed, 1 when it failed, 70 when the extension host ended by itself. */
export async function runMochaInHost({ folder, extension, tests, env, settings, host, timeoutMs = 300_000 }) {
  const server = await startServer({ development: true, env, settings, host });
  const mark = path.join(server.folder, 'mark');
  const wrapper = path.join(server.folder, 'suite.cjs');
  writeWrapper(wrapper, path.resolve(tests), mark);
  const browser = await launchBrowser();
  try {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    const outside = watchOutsideHosts(page);
    const code = await exitCodeOf(
      page,
      workbenchUrl(server.port, { folder, extension, tests: wrapper }),
      timeoutMs,
      server.log,
    );
    if (outside.size > 0)
      console.error(`[vscode-host] the page asked other hosts: ${[...outside].join(' ')}`);
    const left = fs.existsSync(mark) ? fs.readFileSync(mark, 'utf8') : 'nothing';
    if (code === 0 && left !== 'passed') {
      console.error(`[vscode-host] the extension host ended by itself (the suite left: ${left})`);
      return 70;
    }
    return code === 0 ? 0 : 1;
  } finally {
    await browser.close().catch(() => process.stderr.write('the browser did not close\n'));
    server.stop();
  }
}
