/** A prediction that a window started: it asks by files, and its state stands in the store for any window to follow. */
import * as path from 'node:path';
import * as z from 'zod/mini';
import type { StepEvent } from '../../protocol/events.ts';
import type { PredictedEvent } from '../../protocol/predict.ts';
import { EXIT, messageOf, toldOf, UserError } from '../../protocol/user-error.ts';
import type { AskByFile } from '../deploy/asking/ask-by-file.ts';
import { PredictionRecord } from '../predict/prediction-record.ts';
import { askerOf, profileOf } from './aws-options.ts';
import type { stopSignal } from './stop-signal.ts';
import { openStoreOf } from './store-options.ts';

const WatchedOptions = z.object({ id: z.optional(z.string()), atAws: z._default(z.boolean(), false) });

export interface WatchedPrediction {
  /** Absent: a person at a terminal is asked. */
  readonly asker?: AskByFile | undefined;
  readonly onEvent: (event: StepEvent) => void;
}

/**
 * Makes a prediction; where the options give it an id, windows can follow it.
 * @param stop is told of a person at a window who cancels it
 */
export async function watched(
  given: unknown,
  output: string,
  stop: ReturnType<typeof stopSignal>,
  predict: (watched: WatchedPrediction) => Promise<PredictedEvent>,
): Promise<PredictedEvent> {
  const { id, atAws } = WatchedOptions.parse(given);
  if (id === undefined) return predict({ onEvent: () => undefined });
  const store = openStoreOf(given);
  await store.ensure();
  const record = await PredictionRecord.begin(store.folder, {
    ...{ id, output: path.resolve(output), where: atAws ? 'aws' : 'here' },
    ...(atAws ? { profile: profileOf(given) } : {}),
  });
  const asker = askerOf(given, `predicting ${path.basename(output)}`, id);
  asker?.cancelled.addEventListener('abort', stop.abort);
  try {
    const predicted = await predict({ asker, onEvent: (event) => record.event(event) });
    await record.end({ state: 'succeeded', predicted });
    return predicted;
  } catch (error) {
    await record.end(endOf(error, stop.signal));
    throw error;
  } finally {
    asker?.dispose();
  }
}

function endOf(error: unknown, signal: AbortSignal): Parameters<PredictionRecord['end']>[0] {
  const isCancelled = error instanceof UserError && error.exitCode === EXIT.cancelled;
  if (signal.aborted || isCancelled) return { state: 'cancelled' };
  return { state: 'failed', failure: { message: messageOf(error), ...toldOf(error) } };
}
