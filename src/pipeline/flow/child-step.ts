import { spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as z from 'zod/mini';
import { StepEvent } from '../../protocol/events.ts';
import { makeFolder } from '../store/make-folder.ts';
import type { RunFolder } from '../store/run-folder.ts';

/** From a request to stop to a kill; cancelling must be over within two seconds. */
const GRACE_MS = 1300;
/** How long a dead process's last messages are waited for. */
const LAST_WORDS_MS = 500;

/** Messages of a step's process to its driver. */
export const StepMessage = z.object({ event: StepEvent });

export interface ChildStepOptions {
  readonly command: readonly string[];
  readonly onEvent: (event: StepEvent) => void;
}

/** How a step's process ended. */
export interface ChildEnd {
  /** Null when it was killed. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it could not be started. */
  readonly error?: Error;
}

/** A step's process as its driver sees it. */
export class ChildStep {
  /** Settles when the process is gone and all its messages were delivered; never rejects. */
  readonly ended: Promise<ChildEnd>;
  readonly #child: ChildProcess;

  constructor(run: RunFolder, step: string, options: ChildStepOptions) {
    const folder = run.stepFolder(step);
    makeFolder(folder);
    const log = fs.openSync(path.join(folder, 'output.log'), 'a');
    const [file = process.execPath, ...args] = options.command;
    this.#child = spawn(file, args, { stdio: ['ignore', log, log, 'ipc'], windowsHide: true });
    fs.closeSync(log);
    this.#child.on('message', (message) => {
      const parsed = StepMessage.safeParse(message);
      if (parsed.success) options.onEvent(parsed.data.event);
    });
    this.ended = endOf(this.#child);
  }

  /** Asks it to stop, and kills it if it does not. */
  stop(): void {
    // A process that has just ended cannot be told, and need not be.
    if (this.#child.connected) this.#child.send({ stop: true }, () => undefined);
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), GRACE_MS);
    void this.ended.then(() => clearTimeout(timer));
  }
}

function endOf(child: ChildProcess): Promise<ChildEnd> {
  return new Promise((resolve) => {
    child.on('error', (error) => {
      if (child.pid === undefined) resolve({ code: null, signal: null, error });
    });
    child.once('exit', (code, signal) => {
      // Messages may still be on their way when the end is known: the channel closes after the last of them.
      const end = (): void => resolve({ code, signal });
      if (!child.connected) return end();
      const timer = setTimeout(end, LAST_WORDS_MS);
      child.once('disconnect', () => {
        clearTimeout(timer);
        end();
      });
    });
  });
}
