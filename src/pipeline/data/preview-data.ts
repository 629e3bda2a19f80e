import type { DatasetSpec, Guess } from '../../protocol/dataset-spec.ts';
import type { DataPreview } from '../../protocol/engine.ts';
import { changeSpec, SPEC_FIELDS } from '../../protocol/spec-fields.ts';
import type { SpecChanges } from '../../protocol/spec-fields.ts';
import { describeData } from './describe-data.ts';
import type { DataDescription, Known } from './describe-data.ts';
import { guessSpec } from './guess-spec.ts';
import { readSpec } from './recsys-file.ts';

/**
 * What a person sees before they train on a file: its columns with sample values, a guess of what they mean, and the
 * spec they kept before, if any.
 * @param workspace folder up to which `recsys.json` is looked for
 * @param changes what a person gave of the spec, which may change how the files are read
 * @throws UserError when the data or the spec cannot be read
 */
export async function previewData(
  data: string,
  workspace: string,
  changes: SpecChanges = {},
): Promise<DataPreview> {
  const saved = await readSpec(data, workspace);
  const description = await describeData(data, knownOf(saved?.spec, changes));
  return {
    columns: description.columns.map(({ name, type, samples }) => ({ name, type, samples: [...samples] })),
    ...(description.rows === undefined ? {} : { rows: description.rows }),
    guess: withReading(guessSpec(description), description),
    ...(saved === undefined ? {} : { saved: saved.spec }),
  };
}

const NOTHING: DatasetSpec = {
  format: 'csv',
  sequence: [],
  item: [],
  order: [],
  minimumLength: 3,
  sample: 1,
  split: { by: 'sequence', ratios: [0.7, 0.2, 0.1] },
};

/** What is known of the reading before the data are looked at: what was given, else what was kept. */
function knownOf(saved: DatasetSpec | undefined, changes: SpecChanges): Known {
  const changed = changeSpec(saved ?? NOTHING, changes);
  if (saved !== undefined) return changed;
  const given = new Set<string>(
    SPEC_FIELDS.filter(({ name }) => changes[name] !== undefined).map((field) => field.of),
  );
  return Object.fromEntries(Object.entries(changed).filter(([part]) => given.has(part)));
}

function withReading({ spec, reasons }: Guess, { reading, seen }: DataDescription): Guess {
  const sentence = seen.join('; ');
  return {
    spec: { ...spec, ...(reading === undefined ? {} : { reading }) },
    reasons: {
      ...(sentence === '' ? {} : { reading: `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.` }),
      ...reasons,
    },
  };
}
