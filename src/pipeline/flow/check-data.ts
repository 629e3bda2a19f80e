import type { DataFingerprint, InputFile, RunManifest } from '../../protocol/run.ts';
import { UserError } from '../../protocol/user-error.ts';
import { recsysCommand } from '../own-shell.ts';
import { holdsTheSame } from '../store/content-hash.ts';

/** All files a run reads. */
function filesOf({ files, others = {} }: DataFingerprint): InputFile[] {
  return [...files, ...Object.values(others)];
}

/** How a file is other than a run knew it; undefined: it is not. */
async function differenceOf(file: InputFile): Promise<'changed' | 'gone' | undefined> {
  try {
    return (await holdsTheSame(file)) ? undefined : 'changed';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'gone';
    throw new UserError(`${file.path} cannot be read.`, 'Check its permissions.', { cause: error });
  }
}

/**
 * A run's results are filed under the fingerprint its data had when it began, so it may read no others. New times alone
 * are no change.
 * @throws UserError when one of its files is gone or holds something else
 */
export async function requireSameData({ data }: Pick<RunManifest, 'data'>): Promise<void> {
  for (const file of filesOf(data)) {
    const difference = await differenceOf(file);
    if (difference === 'gone')
      throw new UserError(`${file.path} is gone.`, `Restore it, or start a new run on ${data.path}.`);
    if (difference === 'changed') throw changedError(file, data);
  }
}

function changedError({ path, hash }: InputFile, data: DataFingerprint): UserError {
  const hint = `Start a new run: ${recsysCommand('run', data.path)}`;
  if (hash !== undefined) return new UserError(`${path} was changed after the run began.`, hint);
  return new UserError(
    `${path} was changed or touched after the run began, and the version that began it kept nothing to tell which.`,
    hint,
  );
}

/** The first of a run's files that holds something else by now. */
export async function changedFile(data: DataFingerprint): Promise<string | undefined> {
  for (const file of filesOf(data)) {
    if ((await differenceOf(file)) === 'changed') return file.path;
  }
  return undefined;
}
