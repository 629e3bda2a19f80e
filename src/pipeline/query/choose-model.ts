/** Which run and which model answer, where none is named. */
import { EXIT, UserError } from '../../protocol/user-error.ts';
import type { Question } from '../flow/flow-views.ts';
import { flowOf } from '../flows/registry.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { RunStore } from '../store/run-store.ts';
import { hasReport } from '../views/reports.ts';

/** A run that cannot be read has no report, and is no reason not to find another one. */
function isFinished(run: RunFolder): boolean {
  try {
    return run.driverState()?.state === 'succeeded' && hasReport(run);
  } catch {
    return false;
  }
}

/** The newest run of the store whose report is finished. */
export function latestSuccessful(store: RunStore): RunFolder {
  for (const id of store.runIds()) {
    const run = store.run(id);
    if (isFinished(run)) return run;
  }
  throw new UserError(`No run in ${store.folder} is finished.`, 'Start one: recsys run <data>', {
    exitCode: EXIT.notFound,
  });
}

/**
 * The model that answers a question unless told otherwise.
 * @throws UserError where the run has no report that tells
 */
export function modelFor(run: RunFolder, question: Question): string {
  return flowOf(run.manifest().flow).views.model(run, question);
}
