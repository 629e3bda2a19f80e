/** Which run and which model answer, where none is named. */
import { EXIT, UserError } from '../../protocol/user-error.ts';
import type { Question } from '../flow/flow-views.ts';
import { flowOf } from '../flows/registry.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { RunStore } from '../store/run-store.ts';
import { hasReport } from '../views/reports.ts';

/**
 * A run that cannot be read has no report, and is no reason not to find another one. Where more was asked of a finished run
 * since, it is finished however that goes.
 */
function isFinished(run: RunFolder): boolean {
  try {
    const driver = run.driverState();
    return (driver?.state === 'succeeded' || driver?.asked !== undefined) && hasReport(run);
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

/** The newest finished run of the same data and flow that was made after a run; undefined where there is none. */
export function newerSuccessful(store: RunStore, than: RunFolder): RunFolder | undefined {
  const { data, flow } = than.manifest();
  for (const id of store.runIds()) {
    if (id <= than.id) return undefined;
    const run = store.run(id);
    if (isFinished(run) && isOf(run, data.path, flow)) return run;
  }
  return undefined;
}

function isOf(run: RunFolder, dataPath: string, flow: string): boolean {
  try {
    const manifest = run.manifest();
    return manifest.data.path === dataPath && manifest.flow === flow;
  } catch {
    return false;
  }
}

/** The run that is named, or the newest finished one. @throws UserError where there is none */
export function askedRun(store: RunStore, reference: string | undefined): RunFolder {
  return reference === undefined ? latestSuccessful(store) : store.resolve(reference);
}

/**
 * The model that answers a question unless told otherwise.
 * @throws UserError where the run has no report that tells
 */
export function modelFor(run: RunFolder, question: Question): string {
  return flowOf(run.manifest().flow).views.model(run, question);
}
