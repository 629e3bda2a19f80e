import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { l10n, type CancellationToken } from 'vscode';
import { UserError } from '../../protocol/user-error.ts';
import type { NodeRuntime } from './node-runtime.ts';
import { ERRORS_AS_JSON, toldFailure } from './told-failure.ts';

/** The end of the error output that is kept. */
const LAST_WORDS = 16_000;

export interface Followed {
  readonly runtime: NodeRuntime;
  /** Arguments of `recsys`, `--json` among them. */
  readonly arguments: readonly string[];
  readonly workingFolder: string;
  readonly token: CancellationToken;
  /** Told each line of the output. */
  readonly onLine: (line: unknown) => void;
}

/**
 * Runs a `recsys` command that takes its time. It stops when the token says so, and when this window ends: by the channel
 * between the two, since other platforms know no signals that a process could obey.
 * @returns false where it was cancelled
 * @throws {UserError} with the command's own words when it fails
 */
export async function followCli(followed: Followed): Promise<boolean> {
  const { runtime, workingFolder, token, onLine } = followed;
  const child = spawn(runtime.node, [runtime.cli, ...followed.arguments, ERRORS_AS_JSON], {
    cwd: workingFolder,
    env: { ...runtime.environment, NO_COLOR: '1' },
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let said = '';
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('the command has no pipes');
  stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-LAST_WORDS)));
  createInterface(stdout).on('line', (line) => onLine(parsed(line)));
  const stop = (): void => {
    if (child.connected) child.disconnect();
  };
  const cancelling = token.onCancellationRequested(stop);
  if (token.isCancellationRequested) stop();
  try {
    // No `close` comes of a child whose channel was closed on this side.
    await Promise.all([once(child, 'exit'), finished(stdout), finished(stderr)]);
    if (child.exitCode === 0) return true;
    if (token.isCancellationRequested) return false;
  } finally {
    cancelling.dispose();
  }
  throw await toldFailure(
    said,
    () =>
      new UserError(l10n.t('The command ended without saying why.'), l10n.t('The log tells more.'), {
        cause: new Error(said),
      }),
  );
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
