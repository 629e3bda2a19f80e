import { execFile } from 'node:child_process';
import { UserError } from '../../protocol/user-error.ts';
import type { NodeRuntime } from './node-runtime.ts';

const TIME_OUT_MS = 120_000;
const OUTPUT_LIMIT = 64 * 1024 * 1024;

/**
 * Runs a short `recsys` command and gives what it printed.
 * @throws {UserError} with the command's own words when it fails
 */
export function captureCli(
  runtime: NodeRuntime,
  args: readonly string[],
  workingFolder: string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = {
      cwd: workingFolder,
      env: { ...runtime.environment, NO_COLOR: '1' },
      timeout: TIME_OUT_MS,
      maxBuffer: OUTPUT_LIMIT,
      windowsHide: true,
    };
    execFile(runtime.node, [runtime.cli, ...args], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else
        reject(
          new UserError(
            stderr.trim() === '' ? error.message : stderr.trim(),
            '“RecSys: Show Output” tells more.',
            { cause: error },
          ),
        );
    });
  });
}
