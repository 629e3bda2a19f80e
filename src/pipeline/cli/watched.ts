import * as z from 'zod/mini';
import type { ProcessRecord } from '../../protocol/process-record.ts';
import { EXIT, messageOf, toldOf, UserError } from '../../protocol/user-error.ts';
import type { AskByFile } from '../deploy/asking/ask-by-file.ts';
import { OwnRecord, type Begun, type ProcessEnd, type RecordKind } from '../store/own-record.ts';
import { askerOf } from './aws-options.ts';
import type { stopSignal } from './stop-signal.ts';
import { openStoreOf } from './store-options.ts';

const WatchedOptions = z.object({ id: z.optional(z.string()) });

/** The record that windows follow this process by; undefined where the options give it no id. */
export async function recordOf<R extends ProcessRecord>(
  given: unknown,
  kind: RecordKind<R>,
  begun: (id: string) => Begun<R>,
): Promise<OwnRecord<R> | undefined> {
  const { id } = WatchedOptions.parse(given);
  if (id === undefined) return undefined;
  const store = openStoreOf(given);
  await store.ensure();
  return OwnRecord.begin(store.folder, kind, begun(id));
}

export interface Watched<R extends ProcessRecord, T> {
  /** Options of the command. */
  readonly given: unknown;
  /** What is done, as a clause: `deleting shop`. */
  readonly about: string;
  /** Is told of a person at a window who cancels it. */
  readonly stop: ReturnType<typeof stopSignal>;
  readonly record: OwnRecord<R> | undefined;
  /** What the record tells of one that succeeded. */
  readonly ended: (result: T) => Partial<R>;
}

/**
 * Does something that a person at a window may be asked about, and may cancel; where it has a record, that tells how it
 * ended.
 * @param action is given who asks; absent: a person at a terminal is asked
 */
export async function watched<R extends ProcessRecord, T>(
  { given, about, stop, record, ended }: Watched<R, T>,
  action: (asker: AskByFile | undefined) => Promise<T>,
): Promise<T> {
  const asker = askerOf(given, about);
  asker?.cancelled.addEventListener('abort', stop.abort);
  try {
    const result = await action(asker);
    await record?.end({ state: 'succeeded' }, ended(result));
    return result;
  } catch (error) {
    await record?.end(failed(error, stop.signal));
    throw error;
  } finally {
    asker?.dispose();
  }
}

function failed(error: unknown, signal: AbortSignal): ProcessEnd {
  const isCancelled = error instanceof UserError && error.exitCode === EXIT.cancelled;
  if (signal.aborted || isCancelled) return { state: 'cancelled' };
  return { state: 'failed', failure: { message: messageOf(error), ...toldOf(error) } };
}
