import type { RunFolder } from '../store/run-folder.ts';
import { StopMessage } from './step-messages.ts';

const POLL_MS = 200;

export interface CancelWatch {
  readonly signal: AbortSignal;
  /** Looks at once, between two of its regular looks. */
  look(): void;
  dispose(): void;
}

/** A signal that is aborted when the cancel file of the running driver's attempt appears, or on SIGTERM or SIGINT. */
export function watchForCancel(run: RunFolder): CancelWatch {
  const controller = new AbortController();
  const driver = run.usableDriverState();
  const stop = (): void => controller.abort(new Error('cancelled'));
  const look = (): void => {
    if (driver?.state === 'running' && run.cancelRequested(driver.attempt)) stop();
  };
  look();
  const timer = setInterval(look, POLL_MS);
  timer.unref();
  process.on('SIGTERM', stop).on('SIGINT', stop);
  return {
    signal: controller.signal,
    look,
    dispose() {
      clearInterval(timer);
      process.off('SIGTERM', stop).off('SIGINT', stop);
    },
  };
}

/**
 * The same for a step's process: it also stops when its driver asks it to, or is gone (its IPC channel closes), so
 * that no step outlives a killed driver.
 */
export function watchForStop(run: RunFolder): CancelWatch {
  const cancel = watchForCancel(run);
  const controller = new AbortController();
  const stop = (): void => controller.abort(new Error('cancelled'));
  const listen = (message: unknown): void => {
    if (StopMessage.safeParse(message).success) stop();
  };
  process.on('message', listen).on('disconnect', stop);
  // Its driver may have been killed while this process came up.
  if ((process.connected as boolean | undefined) === false) stop();
  return {
    signal: AbortSignal.any([cancel.signal, controller.signal]),
    look: () => cancel.look(),
    dispose() {
      process.off('message', listen).off('disconnect', stop);
      cancel.dispose();
    },
  };
}
