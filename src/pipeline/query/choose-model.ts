/** Which run and which model answer, where none is named. */
import type { Selection } from '../../protocol/report.ts';
import { EXIT, UserError } from '../../protocol/user-error.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { RunStore } from '../store/run-store.ts';
import { readReport } from '../views/reports.ts';

/** A run that cannot be read has no report, and is no reason not to find another one. */
function hasReport(run: RunFolder): boolean {
  try {
    return run.driverState()?.state === 'succeeded' && readReport(run) !== undefined;
  } catch {
    return false;
  }
}

/** The newest run of the store whose report is finished. */
export function latestSuccessful(store: RunStore): RunFolder {
  for (const id of store.runIds()) {
    const run = store.run(id);
    if (hasReport(run)) return run;
  }
  throw new UserError(`No run in ${store.folder} is finished.`, 'Start one: recsys run <data>', {
    exitCode: EXIT.notFound,
  });
}

/** The run's choice among its models, made on validation. */
function selectionOf(run: RunFolder): Selection {
  const selection = readReport(run)?.selection;
  if (selection === undefined)
    throw new UserError(
      `Run ${run.id} has no report yet that names its best model.`,
      'Wait for it, or name a model with --model.',
    );
  return selection;
}

/** The model that recommends unless told otherwise: the best on validation. */
export function bestModel(run: RunFolder): string {
  return selectionOf(run).best;
}

/** The model whose neighbours are shown unless told otherwise: the best on validation that has vectors, else the best. */
export function defaultModel(run: RunFolder): string {
  const { bestEmbedding, best } = selectionOf(run);
  return bestEmbedding ?? best;
}
