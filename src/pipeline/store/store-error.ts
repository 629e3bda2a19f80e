import { UserError, messageOf, type Remedy } from '../../protocol/user-error.ts';

/** The code that Node gives to failures of the system: `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Whether something failed for want of space; native libraries tell it in words only. */
export function isDiskFull(error: unknown): boolean {
  const code = codeOf(error);
  return (
    code === 'ENOSPC' || code === 'EDQUOT' || /no space left on device|disk is full/i.test(messageOf(error))
  );
}

/** Whether something failed because it may not be written. */
export function isReadOnly(error: unknown): boolean {
  return ['EROFS', 'EACCES', 'EPERM'].includes(codeOf(error) ?? '');
}

/** Why something cannot be written, as the end of a sentence. */
export function whyNotWritten(error: unknown): string {
  if (isDiskFull(error)) return 'the disk is full';
  if (!isReadOnly(error)) return messageOf(error);
  return codeOf(error) === 'EROFS' ? 'it is read-only' : 'it is read-only for this user';
}

/**
 * What a person is told when something cannot be written; a UserError is passed on as it is.
 * @param what the file or folder, as the sentence begins
 * @param hint what to do, where the disk is not full
 */
export function writeError(what: string, error: unknown, hint: string, help?: Remedy): UserError {
  if (error instanceof UserError) return error;
  const remedy = isDiskFull(error) ? 'Free some space, then try again.' : hint;
  return new UserError(`${what} cannot be written: ${whyNotWritten(error)}.`, remedy, {
    cause: error,
    remedy: isDiskFull(error) ? undefined : help,
  });
}

/** The same for the run store. */
export function storeError(folder: string, error: unknown): UserError {
  const hint = 'Choose another folder with --store (setting recsys.storeFolder), or change its permissions.';
  return writeError(`The run store ${folder}`, error, hint, 'settings');
}
