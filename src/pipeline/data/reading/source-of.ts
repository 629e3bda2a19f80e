import type { DatasetSpec } from '../../../protocol/dataset-spec.ts';
import type { DataSource } from '../data-source.ts';
import { locateFiles } from '../locate-files.ts';
import { formatOf } from './data-format.ts';

/** The files of the data that hold something, with their format. */
export async function sourceOf(
  given: string,
  known: Partial<Pick<DatasetSpec, 'format' | 'reading'>>,
): Promise<DataSource> {
  const files = (await locateFiles(given)).filter((file) => file.bytes > 0).map((file) => file.path);
  return {
    files,
    format: known.format ?? (await formatOf(files[0] ?? given, known.reading)),
    ...(known.reading === undefined ? {} : { reading: known.reading }),
  };
}
