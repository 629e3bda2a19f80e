/** A `recsys` command as a process of its own, for what the engine itself must not load. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { FailureEvent } from '../../protocol/events.ts';
import { errorInWindow } from '../../protocol/text/window-hint.ts';
import { UserError } from '../../protocol/user-error.ts';
import { distDir } from '../dist-dir.ts';

/** The end of the error output that is kept. */
const LAST_WORDS = 16_000;

/**
 * Runs a command, and gives what it printed. It is told to stop when the signal says so, or the engine ends: by its channel.
 * @param input what it reads
 * @throws UserError with the command's own words where it fails
 */
export async function cliChild(
  words: readonly string[],
  input: string,
  signal: AbortSignal,
): Promise<string> {
  const child = spawn(process.execPath, [path.join(distDir(), 'cli.mjs'), ...words, '--errors=json'], {
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
  });
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new Error('the command has no pipes');
  const stop = (): void => {
    if (child.connected) child.disconnect();
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  let [printed, said] = ['', ''];
  stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-LAST_WORDS)));
  // A command that fails at once does not read.
  stdin.on('error', () => undefined).end(input);
  try {
    await Promise.all([once(child, 'exit'), finished(stdout), finished(stderr)]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
  if (child.exitCode === 0) return printed;
  throw failureOf(said);
}

function failureOf(said: string): UserError {
  const last = said.trimEnd().split('\n').at(-1) ?? '';
  const failure = FailureEvent.safeParse(parsed(last));
  if (!failure.success)
    return new UserError('The command ended without saying why.', 'Run it in a terminal to see more.', {
      cause: new Error(said),
    });
  return errorInWindow(failure.data);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
