/** Finds out all a new run needs to know of its data before it starts. */
import type { DatasetSpec } from '../../protocol/dataset-spec.ts';
import type { DataFingerprint } from '../../protocol/run.ts';
import { fingerprintData } from '../data/fingerprint-data.ts';
import { previewData } from '../data/preview-data.ts';
import { readSpecFile } from '../data/recsys-file.ts';

export interface DescribedData {
  readonly spec: DatasetSpec;
  readonly fingerprint: DataFingerprint;
  /** How the spec was come by, for the person to read. */
  readonly notes: string[];
}

/**
 * The spec is that of the given file, else that kept in the nearest recsys.json, else a guess whose reasons are told.
 * @throws UserError when the data cannot be read or the spec does not fit them
 */
export async function describeForRun(data: string, specFile: string | undefined): Promise<DescribedData> {
  const { spec, notes } = await specFor(data, specFile);
  return { spec, notes, fingerprint: await fingerprintData(data, spec) };
}

async function specFor(
  data: string,
  specFile: string | undefined,
): Promise<{ spec: DatasetSpec; notes: string[] }> {
  if (specFile !== undefined) return { spec: await readSpecFile(specFile, data), notes: [] };
  const { saved, guess } = await previewData(data, process.cwd());
  if (saved !== undefined) return { spec: saved, notes: [] };
  const reasons = Object.entries(guess.reasons).map(([field, reason]) => `  ${field}: ${reason}`);
  return {
    spec: guess.spec,
    notes: [
      'No recsys.json names these data; the columns were guessed (recsys describe --save keeps the guess):',
      ...reasons,
    ],
  };
}
