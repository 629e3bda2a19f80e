/** Starts an engine's worker, as a thread or as a process, and speaks with it. */
import { fork } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { messageOf } from '../../protocol/user-error.ts';
import type { FromWorker, ToWorker, WorkerStart } from './worker-messages.ts';

export interface WorkerEvents {
  readonly message: (message: FromWorker) => void;
  /** It has ended by itself, and why. */
  readonly ended: (reason: string) => void;
}

export interface WorkerHandle {
  post(message: ToWorker): void;
  /** Ends it at once, whatever it does. Resolves when it has ended. */
  end(): Promise<void>;
}

export type StartWorker = (file: string, start: WorkerStart, events: WorkerEvents) => WorkerHandle;

export const startThread: StartWorker = (file, start, { message, ended }) => {
  const worker = new Worker(file, { workerData: start });
  let reason: string | undefined;
  worker.on('message', message);
  worker.on('error', (error: unknown) => (reason = messageOf(error)));
  worker.on('exit', (code) => ended(reason ?? `exit code ${code}`));
  return {
    post: (order) => worker.postMessage(order),
    end: async () => {
      worker.removeAllListeners();
      worker.on('error', () => undefined);
      await worker.terminate();
    },
  };
};

export const startProcess: StartWorker = (file, start, { message, ended }) => {
  const child = fork(file, [JSON.stringify(start)], {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  // Only our own worker speaks here.
  child.on('message', (heard) => message(heard as FromWorker));
  child.on('error', (error) => ended(error.message));
  child.on('exit', (code, signal) => ended(signal === null ? `exit code ${code ?? 0}` : `signal ${signal}`));
  return {
    // What cannot be sent any more is answered by the end that is on its way.
    post: (order) => void child.send(order, () => undefined),
    end: () => {
      child.removeAllListeners();
      child.on('error', () => undefined);
      const gone = child.exitCode !== null || child.signalCode !== null || !child.kill('SIGKILL');
      return gone ? Promise.resolve() : new Promise((resolve) => child.once('exit', () => resolve()));
    },
  };
};
