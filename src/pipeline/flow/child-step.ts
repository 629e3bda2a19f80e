import { spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as z from 'zod/mini';
import { StepEvent } from '../../protocol/events.ts';
import type { RunFolder } from '../store/run-folder.ts';

/** From a request to stop to a kill; cancelling must be over within two seconds. */
const GRACE_MS = 1200;

/** Messages of a step's process to its driver. */
export const StepMessage = z.object({ event: StepEvent });

export interface ChildStepOptions {
  readonly command: readonly string[];
  readonly onEvent: (event: StepEvent) => void;
}

/** A step's process as its driver sees it. */
export class ChildStep {
  /** The exit code, or null when it was killed. */
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(run: RunFolder, step: string, options: ChildStepOptions) {
    const folder = run.stepFolder(step);
    fs.mkdirSync(folder, { recursive: true });
    const log = fs.openSync(path.join(folder, 'output.log'), 'a');
    const [file = process.execPath, ...args] = options.command;
    this.#child = spawn(file, args, { stdio: ['ignore', log, log, 'ipc'], windowsHide: true });
    fs.closeSync(log);
    this.#child.on('message', (message) => {
      const parsed = StepMessage.safeParse(message);
      if (parsed.success) options.onEvent(parsed.data.event);
    });
    this.exited = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('exit', (code) => resolve(code));
    });
  }

  /** Asks it to stop, and kills it if it does not. */
  stop(): void {
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), GRACE_MS);
    void this.exited.finally(() => clearTimeout(timer));
  }
}
