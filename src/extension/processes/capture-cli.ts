import { execFile } from 'node:child_process';
import { l10n } from 'vscode';
import { UserError } from '../../protocol/user-error.ts';
import type { NodeRuntime } from './node-runtime.ts';
import { ERRORS_AS_JSON, toldFailure } from './told-failure.ts';

const TIME_OUT_MS = 120_000;
const OUTPUT_LIMIT = 64 * 1024 * 1024;

/**
 * Runs a short `recsys` command and gives what it printed.
 * @throws {UserError} with the command's own words when it fails
 */
export async function captureCli(
  runtime: NodeRuntime,
  args: readonly string[],
  workingFolder: string,
): Promise<string> {
  const { error, stdout, stderr } = await run(runtime, [...args, ERRORS_AS_JSON], workingFolder);
  if (error === null) return stdout;
  throw await toldFailure(stderr, () => {
    const cause = new Error(`${error.message}\n${stderr}`, { cause: error });
    return new UserError(l10n.t('The command ended without saying why.'), l10n.t('The log tells more.'), {
      cause,
    });
  });
}

interface Run {
  readonly error: Error | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(runtime: NodeRuntime, args: readonly string[], workingFolder: string): Promise<Run> {
  const options = {
    cwd: workingFolder,
    env: { ...runtime.environment, NO_COLOR: '1' },
    timeout: TIME_OUT_MS,
    maxBuffer: OUTPUT_LIMIT,
    windowsHide: true,
  };
  return new Promise((resolve) => {
    execFile(runtime.node, [runtime.cli, ...args], options, (error, stdout, stderr) =>
      resolve({ error, stdout, stderr }),
    );
  });
}
