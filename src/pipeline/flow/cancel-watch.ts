import type { RunFolder } from '../store/run-folder.ts';

const POLL_MS = 200;

/**
 * A signal that is aborted when the run's cancel file appears, on SIGTERM or SIGINT, or when the driver that started
 * this process is gone (its IPC channel closes), so that no step outlives a killed driver.
 */
export function watchForCancel(run: RunFolder): { signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  const attempt = run.driverState()?.attempt ?? 0;
  const stop = () => controller.abort(new Error('cancelled'));
  const timer = setInterval(() => {
    if (run.cancelRequested(attempt)) stop();
  }, POLL_MS);
  timer.unref();
  process.on('SIGTERM', stop).on('SIGINT', stop).on('disconnect', stop);
  return {
    signal: controller.signal,
    dispose() {
      clearInterval(timer);
      process.off('SIGTERM', stop).off('SIGINT', stop).off('disconnect', stop);
    },
  };
}
