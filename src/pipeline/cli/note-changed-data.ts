import { changedFile } from '../flow/check-data.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { plainText } from '../terminal/format.ts';

/** Says so where someone goes on with a run whose data are others by now: its finished steps are of the data as they were. */
export async function noteChangedData(run: RunFolder): Promise<void> {
  const changed = await changedFile(run.manifest().data).catch(() => undefined);
  if (changed === undefined) return;
  process.stderr.write(
    plainText(
      `${changed} was changed after run ${run.id} began, which goes on with the data as they were then.`,
    ) + '\n',
  );
}
