import process from 'node:process';
import { afterEach, expect, it, vi } from 'vitest';
import { runSuites } from '../../../scripts/suites.mjs';

afterEach(() => vi.restoreAllMocks());

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
      env: { RECSYS_VSCODE_HOST: 'none' },
    },
    { name: 'workbench', command: node, args: ['-e', 'console.log("5 passed, 0 failed")'], needs: 'set up' },
    { name: 'other', command: node, args: ['-e', 'console.log("3 passed, 0 failed")'] },
  ]);
  expect(counts).toEqual({ passed: 3, failed: 2, skipped: 0 });
  expect(said.mock.calls.join('\n')).toContain('workbench: not run, since "set up" failed');
});
