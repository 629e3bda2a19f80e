/** Which model of which run is meant, where a command needs both. */
import type { RunRow } from '../../protocol/run-row.ts';
import type { FolderStore } from '../runs/folder-store.ts';
import { hasReport } from '../runs/run-facts.ts';
import { goneRun, type Stores } from '../runs/stores.ts';
import { pickModel, type ChosenModel, type ModelQuestion } from './pick-model.ts';
import { pickRun, type Target } from './pick-run.ts';

export interface ChosenRunModel {
  readonly run: RunRow;
  readonly store: FolderStore;
  readonly model: ChosenModel;
}

/** @returns undefined where the person turned away */
export async function pickRunModel(
  stores: Stores,
  target: Target,
  question: ModelQuestion,
): Promise<ChosenRunModel | undefined> {
  const run = await pickRun(stores, target, { title: question.title, suits: hasReport });
  if (run === undefined) return undefined;
  const store = stores.of(run.folder);
  if (store === undefined) throw goneRun(run.id);
  const model = await pickModel(target, run, () => stores.details(run.folder), question);
  return model === undefined ? undefined : { run, store, model };
}
