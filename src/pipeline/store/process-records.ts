/** Records that processes leave in a folder of the store for whoever looks for them: `<id>.json`, written by the process alone. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type * as z from 'zod/mini';
import { isRunId } from '../../protocol/run-id.ts';
import { readJson } from './read-json.ts';

const ENDING = '.json';

export const recordIn = (folder: string, id: string): string => path.join(folder, `${id}${ENDING}`);

/** Ids of all records, the first given first. */
export function recordIds(folder: string): string[] {
  try {
    return fs
      .readdirSync(folder)
      .filter((name) => name.endsWith(ENDING))
      .map((name) => name.slice(0, -ENDING.length))
      .filter(isRunId)
      .sort();
  } catch {
    return [];
  }
}

/** Undefined where there is none, or it is not what a process of this version wrote. */
export function readRecordIn<Schema extends z.ZodMiniType>(
  folder: string,
  id: string,
  schema: Schema,
): z.infer<Schema> | undefined {
  if (!isRunId(id)) return undefined;
  try {
    return readJson(recordIn(folder, id), schema);
  } catch {
    return undefined;
  }
}

/** Milliseconds since a record was written or touched last; undefined where there is none. */
export function recordAge(folder: string, id: string): number | undefined {
  const stats = fs.statSync(recordIn(folder, id), { throwIfNoEntry: false });
  return stats === undefined ? undefined : Date.now() - stats.mtimeMs;
}
