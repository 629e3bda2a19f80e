import { EXIT } from '../../protocol/user-error.ts';
import { BeginMessage, StopMessage } from './step-messages.ts';

/**
 * Waits, in a process that was started ahead of its task, for the command line of the step it is to run. The process
 * ends here when its driver has no use for it, or is gone.
 */
export function standBy(): Promise<string[]> {
  return new Promise((resolve) => {
    const gone = (): never => process.exit(EXIT.cancelled);
    const listen = (message: unknown): void => {
      if (StopMessage.safeParse(message).success) gone();
      const parsed = BeginMessage.safeParse(message);
      if (!parsed.success) return;
      process.off('message', listen).off('disconnect', gone);
      resolve(parsed.data.begin);
    };
    process.on('message', listen).on('disconnect', gone);
    if (!process.connected) gone();
  });
}
