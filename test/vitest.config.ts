import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** VS Code itself is there in the suites of test/vscode only. */
const vscode = fileURLToPath(new URL('unit/extension/vscode-stub/index.ts', import.meta.url));

/** Fast tests, tests that kill processes, and tests against Python peers. Paths are relative to the repository. */
function project(name: string, timeout: number, files: number) {
  return {
    resolve: { alias: { vscode } },
    test: {
      name,
      root: '.',
      include: [`test/${name}/**/*.test.ts`],
      testTimeout: timeout,
      hookTimeout: timeout,
      maxWorkers: files,
      // What is waited for comes late on a loaded machine.
      expect: { poll: { timeout: 10_000 } },
    },
  };
}

export default defineConfig({
  root: '.',
  test: {
    projects: [
      project('unit', 90_000, 2),
      project('crash', 300_000, 1),
      project('ui', 120_000, 2),
      project('peers', 1_200_000, 2),
    ],
  },
});
