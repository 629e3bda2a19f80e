/** Finds out all a new run needs to know of its data before it starts. */
import type { DatasetSpec } from '../../protocol/dataset-spec.ts';
import type { DataPreview } from '../../protocol/engine.ts';
import type { DataFingerprint } from '../../protocol/run.ts';
import { UserError } from '../../protocol/user-error.ts';
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
 * The spec is that of the given file, else that kept in the nearest recsys.json, else a guess whose reasons are told; parts that were given
 * by themselves replace those of it.
 * @throws UserError when the data cannot be read or the spec does not fit them
 */
export async function describeForRun(
  data: string,
  specFile: string | undefined,
  overrides: SpecOverrides = {},
): Promise<DescribedData> {
  const { spec: found, notes, columns } = await specFor(data, specFile, overrides);
  const spec = overridden(found, overrides);
  return { spec, notes, fingerprint: await fingerprintData(data, spec, columns) };
}

/** Parts of a spec that a person gave by themselves. */
export type SpecOverrides = Partial<Omit<DatasetSpec, 'format' | 'split'>> & {
  readonly splitBy?: DatasetSpec['split']['by'];
  readonly splitColumn?: string;
};

function overridden(spec: DatasetSpec, { splitBy, splitColumn, ...given }: SpecOverrides): DatasetSpec {
  const split = {
    ...spec.split,
    ...(splitBy === undefined ? {} : { by: splitBy }),
    ...(splitColumn === undefined ? {} : { column: splitColumn }),
  };
  return { ...spec, ...given, split };
}

async function specFor(
  data: string,
  specFile: string | undefined,
  overrides: SpecOverrides,
): Promise<{ spec: DatasetSpec; notes: string[]; columns?: DataPreview['columns'] }> {
  if (specFile !== undefined) return { spec: await readSpecFile(specFile, data), notes: [] };
  const { saved, guess, columns } = await previewData(data, process.cwd());
  if (saved !== undefined) return { spec: saved, notes: [], columns };
  requireGuess(data, overridden(guess.spec, overrides), columns);
  const reasons = Object.entries(guess.reasons).map(([field, reason]) => `  ${field}: ${reason}`);
  return {
    columns,
    spec: guess.spec,
    notes: [
      'No recsys.json names these data; the columns were guessed (recsys describe --save keeps the guess):',
      ...reasons,
    ],
  };
}

/** @throws UserError when the guess has no sequence or no item column */
function requireGuess(data: string, spec: DatasetSpec, columns: DataPreview['columns']): void {
  const missing = spec.sequence.length === 0 ? 'sequences' : spec.item.length === 0 ? 'items' : undefined;
  if (missing === undefined) return;
  const seen = columns.map(({ name, type }) => `${name} ${type}`).join(', ');
  throw new UserError(
    `Which columns of ${data} identify the ${missing} cannot be told from their names and types (${shortened(seen)}).`,
    'Name them with --sequence and --item, or in a recsys.json (recsys describe <data> --save). Columns of nested type cannot be used.',
  );
}

const SHOWN_LENGTH = 300;

/** A damaged file may be one column with a name of any length. */
function shortened(text: string): string {
  return text.length <= SHOWN_LENGTH ? text : `${text.slice(0, SHOWN_LENGTH)}…`;
}
