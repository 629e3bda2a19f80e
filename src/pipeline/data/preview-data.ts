import type { DataFormat } from '../../protocol/dataset-spec.ts';
import type { DataPreview } from '../../protocol/engine.ts';
import { describeData } from './describe-data.ts';
import { guessSpec } from './guess-spec.ts';
import { readSpec } from './recsys-file.ts';

/**
 * What a person sees before they train on a file: its columns with sample values, a guess of what they mean, and the
 * spec they kept before, if any.
 * @param workspace folder up to which `recsys.json` is looked for
 * @param format where a person said it
 * @throws UserError when the data or the spec cannot be read
 */
export async function previewData(
  data: string,
  workspace: string,
  format?: DataFormat,
): Promise<DataPreview> {
  const saved = await readSpec(data, workspace);
  const description = await describeData(data, format ?? saved?.spec.format);
  return {
    columns: description.columns.map(({ name, type, samples }) => ({ name, type, samples: [...samples] })),
    ...(description.rows === undefined ? {} : { rows: description.rows }),
    guess: guessSpec(description),
    ...(saved === undefined ? {} : { saved: saved.spec }),
  };
}
