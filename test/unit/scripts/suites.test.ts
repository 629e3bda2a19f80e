import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import process from 'node:process';
import { afterEach, expect, it, vi } from 'vitest';
import { runSuites } from '../../../scripts/suites.mjs';

afterEach(() => vi.restoreAllMocks());

it('runs suites of different lanes at once, and counts each', async () => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  // Each waits for the file of the other: one after the other they would fail.
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'recsys-suites-'));
  const waiting = (own: string, other: string): string =>
    `const fs = require('node:fs'); fs.writeFileSync(${JSON.stringify(path.join(folder, own))}, '');
     const end = Date.now() + 10_000;
     const look = () => fs.existsSync(${JSON.stringify(path.join(folder, other))}) ? process.exit(0) : Date.now() > end ? process.exit(1) : setTimeout(look, 20);
     look();`;
  const suite = (own: string, other: string) => ({
    ...{ name: own, command: process.execPath, args: ['-e', waiting(own, other)] },
    ...{ check: true, lane: own },
  });
  expect(await runSuites([suite('a', 'b'), suite('b', 'a')])).toEqual({ passed: 2, failed: 0, skipped: 0 });
  fs.rmSync(folder, { recursive: true });
});

it('counts a missing workbench as failures that say so, and still runs the other suites', async () => {
  const said = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const node = process.execPath;
  const counts = await runSuites([
    {
      name: 'set up',
      command: node,
      args: ['test/vscode-host/setup.mjs'],
      check: true,
      env: () => ({ RECSYS_VSCODE_HOST: 'none' }),
    },
    {
      name: 'workbench',
      command: node,
      args: ['-e', 'console.log("5 passed, 0 failed")'],
      needs: ['set up'],
    },
    { name: 'other', command: node, args: ['-e', 'console.log("3 passed, 0 failed")'] },
  ]);
  expect(counts).toEqual({ passed: 3, failed: 2, skipped: 0 });
  expect(said.mock.calls.join('\n')).toContain('workbench: not run, since "set up" failed');
});
