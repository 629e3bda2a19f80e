import { openPrepared, type PreparedData } from '../../data/prepared-data.ts';
import type { StepContext } from '../../flow/step-context.ts';

/** The run's prepared data, as later steps read them. */
export function preparedInput(context: StepContext): Promise<PreparedData> {
  return openPrepared((artifact) => context.locate('prepare', artifact));
}
