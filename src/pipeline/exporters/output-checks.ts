/** Whether files may be written where a person wants them, and what is said where they may not or could not. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { EXIT, messageOf, UserError } from '../../protocol/user-error.ts';
import type { OpenVectors } from '../model/open-vectors.ts';
import { codeOf, isDiskFull } from '../store/store-error.ts';

/** @returns whether it was not there */
export async function makeFolder(folder: string): Promise<boolean> {
  try {
    await fs.mkdir(folder);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw cannotWrite(folder, error);
  }
}

/** A model's folder is what its `model.json` says, and nothing else is put into it. */
export function requireElsewhere(
  { folder, name }: Pick<OpenVectors, 'folder' | 'name'>,
  files: readonly string[],
): void {
  const model = path.resolve(folder);
  const inside = files.find((file) => file.startsWith(model + path.sep));
  if (inside === undefined) return;
  throw new UserError(
    `${inside} would lie in the package of '${name}' itself.`,
    'Choose another place with --output.',
    {
      exitCode: EXIT.usage,
    },
  );
}

/** @throws UserError where one of the files is there */
export async function requireFree(files: readonly string[]): Promise<void> {
  for (const file of files) {
    const isThere = await fs.lstat(file).then(
      () => true,
      () => false,
    );
    if (isThere)
      throw new UserError(
        `${file} is there already.`,
        'Choose another file with --output, or replace it with --force.',
      );
  }
}

/** Says why a file could not be written. */
export function cannotWrite(file: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  if (codeOf(error) === 'ENOENT')
    return new UserError(
      `The folder ${path.dirname(file)} is not there.`,
      'Make it, or choose another with --output.',
    );
  if (isDiskFull(error)) return diskFull(file, error);
  const [said = ''] = messageOf(error).split('\n');
  return new UserError(`${file} cannot be written: ${said}.`, 'Choose another file with --output.', {
    cause: error,
  });
}

/** Also where it is what was made on the way to a file, beside it, that has no room. */
export function diskFull(file: string, cause: unknown): UserError {
  return new UserError(
    `${file} cannot be written: the disk is full.`,
    'Nothing was left behind. Free some space, or choose a file on another disk with --output.',
    { cause },
  );
}
