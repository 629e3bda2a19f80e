import { UserError } from '../../protocol/user-error.ts';
import { openPrepared, PREPARED, type PreparedArtifact, type PreparedData } from '../data/prepared-data.ts';
import { locateArtifact } from '../flow/inputs.ts';
import { flowOf } from '../flows/registry.ts';
import { ItemNames } from '../model/item-names.ts';
import type { RunFolder } from '../store/run-folder.ts';

/** Path of an artifact of the run's prepared data. @returns undefined where there is none */
export function preparedFile(run: RunFolder, artifact: PreparedArtifact): string | undefined {
  return locateArtifact(run, flowOf(run.manifest().flow).shows.profile.step, undefined, artifact);
}

/** @throws UserError when the run's data are not prepared */
export async function openRunData(run: RunFolder): Promise<PreparedData> {
  if (preparedFile(run, 'layout') === undefined)
    throw new UserError(
      `The data of run ${run.id} are not prepared yet.`,
      `Go on with it: recsys resume ${run.id}`,
    );
  return openPrepared((artifact) => preparedFile(run, artifact));
}

/** Path of the table of items. @throws UserError when the run's data are not prepared */
export function itemsFileOf(run: RunFolder): string {
  const file = preparedFile(run, 'items');
  if (file === undefined)
    throw new UserError(
      `The data of run ${run.id} are not prepared yet (no ${PREPARED.items}).`,
      `Go on with it: recsys resume ${run.id}`,
    );
  return file;
}

/** @throws UserError when the run's data are not prepared */
export async function openItemNames(run: RunFolder): Promise<ItemNames> {
  return ItemNames.read(itemsFileOf(run));
}
