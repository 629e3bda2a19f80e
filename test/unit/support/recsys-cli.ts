/** Runs the built command line as a child process. */
import { spawn, type ChildProcess } from 'node:child_process';
import * as path from 'node:path';
import { distDir } from '../../../src/pipeline/dist-dir.ts';

export const CLI = path.join(distDir(), 'cli.mjs');

export interface CliEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

export interface CliOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What it reads from standard input; default: nothing. */
  readonly input?: string;
  /** A script of a shell, given the command as its arguments. */
  readonly shell?: string;
}

/** A started `recsys …`, for tests that do something while it runs. */
export function startRecsys(
  args: readonly string[],
  { cwd, env, input, shell }: CliOptions,
): { child: ChildProcess; end: Promise<CliEnd> } {
  const started = performance.now();
  const { RECSYS_STORE: _, ...inherited } = process.env;
  const [program, ...words] = [
    ...(shell === undefined ? [] : ['sh', '-c', shell, 'sh']),
    process.execPath,
    CLI,
    ...args,
  ];
  const child = spawn(program ?? '', words, {
    cwd,
    env: { ...inherited, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input);
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => (texts[name] += text));
  }
  const end = new Promise<CliEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve({ code, signal, ...texts, milliseconds: performance.now() - started }),
    );
  });
  return { child, end };
}

export function recsys(args: readonly string[], options: CliOptions): Promise<CliEnd> {
  return startRecsys(args, options).end;
}
