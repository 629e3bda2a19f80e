/** Told to stop: Ctrl+C, SIGTERM, or whoever started this process with a channel closes it, by its own end too. */
export function stopSignal(): {
  readonly signal: AbortSignal;
  readonly abort: () => void;
  readonly dispose: () => void;
} {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.on('SIGINT', stop).on('SIGTERM', stop).on('disconnect', stop);
  // It may be closed before anything listens; without a channel this is undefined.
  if ((process.connected as boolean | undefined) === false) stop();
  // Listening alone must not keep the process.
  process.channel?.unref();
  const dispose = (): void => {
    process.off('SIGINT', stop).off('SIGTERM', stop).off('disconnect', stop);
  };
  return { signal: controller.signal, abort: stop, dispose };
}
