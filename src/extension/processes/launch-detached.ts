import { spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { NodeRuntime } from './node-runtime.ts';

export interface LaunchOptions {
  readonly runtime: NodeRuntime;
  /** Arguments of `recsys`. */
  readonly arguments: readonly string[];
  readonly workingFolder: string;
  /** Folder for what the process writes to its error output. */
  readonly logFolder: string;
}

/** How a detached process ended, while this window was there to see it. */
export interface LaunchEnd {
  /** Undefined when a signal ended it. */
  readonly code: number | undefined;
  /** The end of its error output. */
  readonly said: string;
}

const LAST_WORDS_BYTES = 16_000;
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Starts `recsys …` as a process that outlives this window: in a group of its own, with no pipe to us.
 * What it does is seen through the run store.
 */
export async function launchDetached(options: LaunchOptions): Promise<{ ended: Promise<LaunchEnd> }> {
  await fs.mkdir(options.logFolder, { recursive: true });
  await removeOld(options.logFolder);
  const logFile = path.join(options.logFolder, `launch-${Date.now()}-${process.pid}.log`);
  const log = await fs.open(logFile, 'w');
  try {
    const child = spawn(options.runtime.node, [options.runtime.cli, ...options.arguments], {
      cwd: options.workingFolder,
      env: options.runtime.environment,
      detached: true,
      windowsHide: true,
      stdio: ['ignore', 'ignore', log.fd],
    });
    child.unref();
    const ended = new Promise<number | undefined>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve(code ?? undefined));
    });
    return { ended: ended.then(async (code) => ({ code, said: await takeLastWords(logFile) })) };
  } finally {
    await log.close();
  }
}

/** Logs of processes that outlived the window that started them. */
async function removeOld(folder: string): Promise<void> {
  const oldest = Date.now() - KEPT_MS;
  for (const name of await fs.readdir(folder)) {
    const file = path.join(folder, name);
    if (!/^launch-\d+-\d+\.log$/.test(name)) continue;
    const stats = await fs.stat(file).catch(() => undefined);
    if (stats !== undefined && stats.mtimeMs < oldest)
      await fs.rm(file, { force: true }).catch(() => undefined);
  }
}

/** Reads the end of the log and removes it: once the process has ended, the run's own log has the rest. */
async function takeLastWords(file: string): Promise<string> {
  const text = await fs.readFile(file, 'utf8').catch(() => '');
  await fs.rm(file, { force: true });
  return text.slice(-LAST_WORDS_BYTES).trim();
}
