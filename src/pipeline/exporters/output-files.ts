import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import {
  companionName,
  companionOf,
  EXPORT_ENDINGS,
  type ExportFormat,
} from '../../protocol/export-format.ts';

/** Its file of vectors in a folder, without the ending. */
const IN_FOLDER = 'vectors';

/**
 * The files that an export makes, that of the vectors first.
 * @param output as a person named it: a file, or a folder, which is there or whose name ends with a separator
 */
export async function outputFiles(
  format: ExportFormat,
  output: string,
): Promise<readonly [string, ...string[]]> {
  const place = path.resolve(output);
  if (await isFolder(output)) {
    const companion = companionName(format);
    const inside = path.join(place, IN_FOLDER + EXPORT_ENDINGS[format]);
    return companion === undefined ? [inside] : [inside, path.join(place, companion)];
  }
  const companion = companionOf(format, place);
  return companion === undefined ? [place] : [place, companion];
}

/** Whether a person named a folder, which need not be there yet. */
export function namesFolder(output: string): boolean {
  return output.endsWith('/') || output.endsWith(path.sep);
}

/** Whether a person named a folder, or what is there is one. */
export async function isFolder(output: string): Promise<boolean> {
  if (namesFolder(output)) return true;
  const stats = await fs.stat(output).catch(() => undefined);
  return stats?.isDirectory() === true;
}
