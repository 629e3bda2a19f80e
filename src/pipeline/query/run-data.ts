import { UserError } from '../../protocol/user-error.ts';
import { openPrepared, PREPARED, type PreparedArtifact, type PreparedData } from '../data/prepared-data.ts';
import { locateArtifact } from '../flow/inputs.ts';
import { flowOf } from '../flows/registry.ts';
import { ItemNames } from '../model/item-names.ts';
import type { RunFolder } from '../store/run-folder.ts';

function preparedFile(run: RunFolder, artifact: PreparedArtifact): string | undefined {
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

/** @throws UserError when the run's data are not prepared */
export async function openItemNames(run: RunFolder): Promise<ItemNames> {
  const file = preparedFile(run, 'items');
  if (file === undefined)
    throw new UserError(
      `The data of run ${run.id} are not prepared yet (no ${PREPARED.items}).`,
      `Go on with it: recsys resume ${run.id}`,
    );
  return ItemNames.read(file);
}
