import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './longest-first.ts';

/** VS Code itself is there in the suites of test/vscode only. */
const vscode = fileURLToPath(new URL('unit/extension/vscode-stub/index.ts', import.meta.url));

/** Unit tests that replace modules, or look at the processes and threads of their own. */
const ALONE = [
  ...['engine', 'extension', 'flow', 'other-flow'].map((folder) => `test/unit/${folder}/**/*.test.ts`),
  'test/unit/query/run-model.test.ts',
];

interface Files {
  readonly include: readonly string[];
  readonly exclude?: readonly string[];
  /** How long a test may take. */
  readonly timeout: number;
  /** Files at a time. */
  readonly workers: number;
  /** Files that share processes load what they test once, not each by itself. */
  readonly share?: boolean;
}

function project(name: string, { include, exclude = [], timeout, workers, share = false }: Files) {
  return {
    resolve: { alias: { vscode } },
    test: {
      name,
      root: '.',
      include: [...include],
      exclude: [...exclude],
      testTimeout: timeout,
      hookTimeout: timeout,
      maxWorkers: workers,
      isolate: !share,
      // What is waited for comes late on a loaded machine.
      expect: { poll: { timeout: 10_000 } },
    },
  };
}

const all = (folder: string): string[] => [`test/${folder}/**/*.test.ts`];

/** Fast tests, tests that kill processes, and tests against Python peers. Paths are relative to the repository. */
export default defineConfig({
  root: '.',
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      // Long enough for a machine that has other suites to run: what hangs is told by what it waits for.
      project('unit', { include: ALONE, timeout: 240_000, workers: 2 }),
      project('unit-shared', {
        ...{ include: all('unit'), exclude: ALONE, timeout: 240_000, workers: 2 },
        share: true,
      }),
      project('crash', { include: all('crash'), timeout: 300_000, workers: 1 }),
      project('ui', { include: all('ui'), timeout: 120_000, workers: 2 }),
      project('peers', { include: all('peers'), timeout: 1_200_000, workers: 2 }),
    ],
  },
});
