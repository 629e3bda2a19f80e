import { UserError, messageOf } from '../../protocol/user-error.ts';

function codeOf(error: unknown): string | undefined {
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

/** What a person is told when the store cannot be written; a UserError is passed on as it is. */
export function storeError(folder: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  const why = isDiskFull(error)
    ? 'the disk is full'
    : isReadOnly(error)
      ? 'it is read-only'
      : messageOf(error);
  return new UserError(
    `The run store ${folder} cannot be written: ${why}.`,
    'Free some space or choose another folder with --store (setting recsys.storeFolder).',
    { cause: error },
  );
}
