import type { Aws } from '../deploy/aws/aws-clients.ts';
import { askerOf, openAws } from './aws-options.ts';
import { stopSignal } from './stop-signal.ts';

/**
 * Does something at AWS that can be stopped.
 * @param about what, as a clause: `deleting shop`
 */
export async function atAws<T>(
  options: unknown,
  about: string,
  action: (aws: Aws, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = stopSignal();
  const asker = askerOf(options, about);
  asker?.cancelled.addEventListener('abort', stop.abort);
  try {
    return await action(await openAws(options, { asker, signal: () => stop.signal }), stop.signal);
  } finally {
    asker?.dispose();
    stop.dispose();
  }
}
