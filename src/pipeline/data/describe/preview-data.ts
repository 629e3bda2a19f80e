import type { DatasetSpec, Guess } from '../../../protocol/dataset-spec.ts';
import type { DataPreview } from '../../../protocol/engine.ts';
import { changeSpec, SPEC_FIELDS } from '../../../protocol/spec-fields.ts';
import type { SpecChanges } from '../../../protocol/spec-fields.ts';
import { guessSpec } from '../guess/guess-spec.ts';
import { withMeasuredSplit } from '../guess/guess-split.ts';
import { readSpec } from '../recsys-file.ts';
import { describeData } from './describe-data.ts';
import type { DataDescription, Known } from './describe-data.ts';

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
  const known = knownOf(saved?.spec, changes);
  const asLists = await describedWith(data, known, changes);
  const description = (await besideLists(data, known, asLists)) ?? asLists;
  const guess = withReading(guessSpec(description), description);
  return {
    columns: description.columns.map(({ name, type, samples }) => ({ name, type, samples: [...samples] })),
    ...(description.rows === undefined ? {} : { rows: description.rows }),
    guess: saved === undefined ? await measured(data, guess, description, changes) : guess,
    ...(saved === undefined ? {} : { saved: saved.spec }),
  };
}

/** Columns that only text of one sequence a line has. */
const OF_LINES = ['file', 'line'];

/** Short lines of equal length look like a table; where a person names what only lines have, they are lines. */
async function describedWith(data: string, known: Known, changes: SpecChanges): Promise<DataDescription> {
  const description = await describeData(data, known);
  const named = [...(changes['splitColumn'] ?? []), ...(changes['time'] ?? [])];
  const lacking = named.filter((name) => !description.columns.some((column) => column.name === name));
  if (known.format !== undefined || description.format !== 'csv' || lacking.length === 0) return description;
  if (!lacking.every((name) => OF_LINES.includes(name))) return description;
  return await describeData(data, { ...known, format: 'sequences' });
}

/**
 * Where what is called an item stands beside the lists that were unfolded, these are of something else (a review beside the
 * ids of earlier ones), and the rows are taken as they are.
 */
async function besideLists(
  data: string,
  known: Known,
  description: DataDescription,
): Promise<DataDescription | undefined> {
  const inLists = new Set(
    description.columns.filter(({ inList }) => inList === true).map(({ name }) => name),
  );
  if (known.item !== undefined || inLists.size === 0) return undefined;
  const { item } = guessSpec(description).spec;
  if (item.length === 0) return undefined;
  return item.some((name) => inLists.has(name)) ? undefined : await describeData(data, { ...known, item });
}

/** The guess with the split that the data ask for, unless a person gave one. */
async function measured(
  data: string,
  guess: Guess,
  { columns }: DataDescription,
  changes: SpecChanges,
): Promise<Guess> {
  if (changes['split'] !== undefined || changes['splitColumn'] !== undefined) return guess;
  const { spec, reasons } = await withMeasuredSplit(
    data,
    { ...guess, spec: changeSpec(guess.spec, changes) },
    columns,
  );
  return { spec: { ...guess.spec, split: { ...guess.spec.split, by: spec.split.by } }, reasons };
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
