import * as fs from 'node:fs';
import * as fsPromises from 'node:fs/promises';
import * as z from 'zod/mini';
import { UserError } from '../../protocol/user-error.ts';
import { type DamageOptions, DamagedFileError, unreadable } from './damaged-file.ts';

/**
 * Reads and checks a JSON file of the store.
 * @param repair what to do where it is damaged and no step can write it again
 * @returns undefined when there is no such file
 * @throws DamagedFileError when the file is not what was written
 * @throws UserError when it cannot be read, or a newer version wrote it
 */
export function readJson<S extends z.ZodMiniType>(
  file: string,
  schema: S,
  repair?: string,
): z.infer<S> | undefined {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw unreadable(file, error);
  }
  return checkedJson(file, text, schema, repair);
}

/**
 * Reads and checks a JSON file that must be there, without holding up the process.
 * @param newest format of such files that this version knows
 * @throws UserError as `readJson` does, and when it is missing
 */
export async function requireJson<S extends z.ZodMiniType>(
  file: string,
  schema: S,
  newest = OUR_FORMAT,
): Promise<z.infer<S>> {
  let text: string;
  try {
    text = await fsPromises.readFile(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
  return checkedJson(file, text, schema, undefined, newest);
}

function checkedJson<S extends z.ZodMiniType>(
  file: string,
  text: string,
  schema: S,
  repair: string | undefined,
  newest = OUR_FORMAT,
): z.infer<S> {
  const options = repair === undefined ? {} : { repair };
  const value = parse(file, text, options);
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const format = Format.safeParse(value);
  if (format.success && format.data.format > newest)
    throw new UserError(
      `${file} was written by a newer version of RecSys (its format is ${format.data.format}, not ${newest}).`,
      'Update RecSys to read it.',
    );
  const place = checked.error.issues[0]?.path.join('.') ?? '';
  const what =
    place === '' ? 'it does not hold what it should' : `'${place}' is missing or is not what it should be`;
  throw new DamagedFileError(file, what, { ...options, cause: checked.error });
}

/** Format of most files of the store; the store's own is told apart in `run-store.ts`. */
const OUR_FORMAT = 1;
const Format = z.object({ format: z.int() });

function parse(file: string, text: string, options: DamageOptions): unknown {
  if (text.trim() === '') throw new DamagedFileError(file, 'it is empty', options);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DamagedFileError(file, 'it is not valid JSON', { ...options, cause: error });
  }
}
