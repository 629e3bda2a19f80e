import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Readable } from 'node:stream';
import type * as z from 'zod/mini';
import type { StepEvent } from '../../protocol/events.ts';
import { makeFolder } from '../store/make-folder.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { EventMessage, type BeginMessage, type StopMessage } from './step-messages.ts';

/** From a request to stop to a kill; cancelling must be over within two seconds. */
const GRACE_MS = 1300;
/** How long a dead process's last messages are waited for. */
const LAST_WORDS_MS = 500;

/** How a step's process ended. */
export interface ChildEnd {
  /** Null when it was killed. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it could not be started. */
  readonly error?: Error;
}

/** A step's process as its driver sees it: it stands by from its start, until it is told what to do. */
export class StepChild {
  /** Settles when the process is gone and all it said has arrived; never rejects. */
  readonly ended: Promise<ChildEnd>;
  readonly #child: ChildProcess;

  /** @param command starts a process that stands by (`stand-by.ts`) */
  constructor([file = process.execPath, ...args]: readonly string[]) {
    this.#child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], windowsHide: true });
    this.ended = endOf(this.#child);
  }

  /** Whether it can still be told to begin. */
  get waits(): boolean {
    const { connected, exitCode, signalCode } = this.#child;
    return connected && exitCode === null && signalCode === null;
  }

  /**
   * Has it run a step, once. What it prints goes to the step's `output.log`.
   * @param command the step's command line: `step`, the run, the step's path, options
   */
  begin(run: RunFolder, step: string, command: string[], onEvent: (event: StepEvent) => void): void {
    const folder = run.stepFolder(step);
    makeFolder(folder);
    const log = path.join(folder, 'output.log');
    for (const stream of [this.#child.stdout, this.#child.stderr]) keepOutput(stream, log);
    this.#child.on('message', (message) => {
      const parsed = EventMessage.safeParse(message);
      if (parsed.success) onEvent(parsed.data.event);
    });
    this.#send({ begin: command });
  }

  /** Has it leave the processors to others, for good. */
  giveWay(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      os.setPriority(pid, Math.max(os.getPriority(pid), os.constants.priority.PRIORITY_BELOW_NORMAL));
    } catch {
      // A process that is gone, or a system that does not allow it: the work is the same.
    }
  }

  /** Asks it to stop, and kills it if it does not. */
  stop(): void {
    this.#send({ stop: true });
    const timer = setTimeout(() => this.dismiss(), GRACE_MS);
    void this.ended.then(() => clearTimeout(timer));
  }

  /** Ends it at once. */
  dismiss(): void {
    this.#child.kill('SIGKILL');
  }

  /** A process that has just ended cannot be told, and need not be: its end is heard of. */
  #send(message: z.infer<typeof BeginMessage> | z.infer<typeof StopMessage>): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }
}

function keepOutput(stream: Readable | null, file: string): void {
  // A pipe that breaks takes what was not read; the process's end is heard of by itself.
  stream?.on('error', () => undefined);
  stream?.on('data', (text: Buffer) => {
    try {
      fs.appendFileSync(file, text);
    } catch {
      // A full disk takes the log; that it is full, the step itself tells.
    }
  });
}

function endOf(child: ChildProcess): Promise<ChildEnd> {
  return new Promise((resolve) => {
    child.on('error', (error) => {
      if (child.pid === undefined) resolve({ code: null, signal: null, error });
    });
    // What it said may still be on its way when its end is known.
    const events = child.connected ? ['close', 'disconnect'] : ['close'];
    const heard = Promise.allSettled(events.map((event) => once(child, event)));
    child.once('exit', (code, signal) => {
      const end = (): void => resolve({ code, signal });
      const timer = setTimeout(end, LAST_WORDS_MS);
      void heard.then(() => {
        clearTimeout(timer);
        end();
      });
    });
  });
}
