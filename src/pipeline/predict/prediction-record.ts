import type { StepEvent } from '../../protocol/events.ts';
import { Prediction } from '../../protocol/prediction.ts';
import { knownRecords, type RecordKind } from '../store/own-record.ts';

/** Predictions that windows follow. */
export const PREDICTIONS: RecordKind<Prediction> = { folder: 'predicting', schema: Prediction };

export const knownPredictions = (store: string): Prediction[] => knownRecords(store, PREDICTIONS);

/** What an event changes of what windows are told. */
export function changedBy(event: StepEvent, { warnings }: Prediction): Partial<Prediction> | undefined {
  if (event.type === 'progress') return { progress: event };
  if (event.type === 'log' && event.level === 'warning') return { warnings: [...warnings, event.message] };
  return undefined;
}
