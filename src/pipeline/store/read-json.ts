import * as fs from 'node:fs';
import type * as z from 'zod/mini';
import { UserError, messageOf } from '../../protocol/user-error.ts';

/**
 * Reads and checks a JSON file of the store.
 * @returns undefined when there is no such file
 * @throws UserError when the file is broken or of another shape
 */
export function readJson<S extends z.ZodMiniType>(file: string, schema: S): z.infer<S> | undefined {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new UserError(
      `${file} cannot be read: ${messageOf(error)}.`,
      'Check the permissions of the store folder.',
      { cause: error },
    );
  }
  return parseJson(file, text, schema);
}

function parseJson<S extends z.ZodMiniType>(file: string, text: string, schema: S): z.infer<S> {
  try {
    const value = JSON.parse(text) as unknown;
    const checked = schema.safeParse(value);
    if (checked.success) return checked.data;
    const issue = checked.error.issues[0];
    throw new Error(issue === undefined ? 'wrong shape' : `${issue.path.join('.')}: ${issue.message}`);
  } catch (error) {
    throw new UserError(
      `${file} is broken or was written by another version: ${messageOf(error)}.`,
      'Update RecSys if a newer version wrote it; else delete the run it belongs to, or restore the file.',
      { cause: error },
    );
  }
}
