import { UserError, messageOf } from '../../protocol/user-error.ts';

/** What to do about a file whose step can be done again. */
const REPAIR =
  'Restore the file, or do its step anew: recsys resume <run>, or in a new run with --from <step>; a run that cannot be read can be deleted (recsys rm <run>).';

export interface DamageOptions {
  readonly cause?: unknown;
  /** What to do about it. */
  readonly repair?: string;
}

/** A file of the store that is not what was written: cut off, changed, or gone. What it held is lost. */
export class DamagedFileError extends UserError {
  /** @param why a clause: `it is cut short` */
  constructor(file: string, why: string, { repair = REPAIR, ...options }: DamageOptions = {}) {
    super(`${file} is broken: ${why}.`, repair, options);
  }
}

/** Why a file that is there cannot be read; it may be whole all the same. A UserError is passed on as it is. */
export function unreadable(file: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new DamagedFileError(file, 'it is missing', { cause: error });
    case 'EISDIR':
      return new DamagedFileError(file, 'it is a folder', { cause: error });
    case 'EACCES':
    case 'EPERM':
      return new UserError(
        `${file} may not be read by this user (${code}).`,
        'Give yourself the right to read it (its permissions, or those of a folder above it).',
        { cause: error },
      );
    case 'EMFILE':
    case 'ENFILE':
      return new UserError(
        `${file} cannot be opened: too many files are open (${code}).`,
        'Raise the limit of open files (ulimit -n), or run less at once.',
        { cause: error },
      );
    default:
      return new UserError(
        `${file} cannot be read: ${messageOf(error)}.`,
        'Check the disk and the permissions of the store folder.',
        { cause: error },
      );
  }
}
