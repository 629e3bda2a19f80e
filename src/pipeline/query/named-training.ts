/** How models are named where one name must do: those that were trained on all rows, too. */
import type { OpenModel } from '../model/open-model.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { openRunModel, type WhichTraining } from './run-model.ts';

/** No model's name has a slash: it is a folder's. */
const EVERYTHING = 'everything/';

export function nameOnEverything(name: string): string {
  return EVERYTHING + name;
}

function trainingOf(named: string): { readonly name: string; readonly which: WhichTraining } {
  return named.startsWith(EVERYTHING)
    ? { name: named.slice(EVERYTHING.length), which: 'everything' }
    : { name: named, which: 'evaluated' };
}

/**
 * A model of a run by such a name, which it keeps: it is told from the one whose figures the run has.
 * @throws UserError when the run has no finished model of that name
 */
export async function openNamedModel(run: RunFolder, named: string): Promise<OpenModel> {
  const { name, which } = trainingOf(named);
  return { ...(await openRunModel(run, name, which)), name: named };
}
