import { newRunId } from '../../protocol/run-id.ts';
import type { FolderStore } from '../runs/folder-store.ts';
import type { Services } from '../services.ts';
import { launchDetached, type LaunchEnd } from './launch-detached.ts';
import { ERRORS_AS_JSON } from './told-failure.ts';

/**
 * Starts a `recsys` command that outlives this window, and asks and tells by files in the store.
 * @param words the command, without what says where it asks
 * @returns the id by which it is known there, and how it will have ended
 */
export async function launchAsking(
  { context, log }: Pick<Services, 'context' | 'log'>,
  { site, model }: FolderStore,
  words: readonly string[],
): Promise<{ readonly id: string; readonly ended: Promise<LaunchEnd> }> {
  const id = newRunId();
  const all = [...words, '--id', id, '--ask-by-file', '--json', '--store', site.settings.storeFolder];
  log.info(`recsys ${all.join(' ')}`);
  // Changes of the store are told to who has seen it once; followed from its start, nobody else takes it for another window's.
  await model.ready();
  const { ended } = await launchDetached({
    runtime: site.runtime,
    arguments: [...all, ERRORS_AS_JSON],
    workingFolder: site.folder,
    logFolder: (context.storageUri ?? context.logUri).fsPath,
  });
  return { id, ended };
}
