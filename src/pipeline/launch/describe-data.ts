/** Finds out all a new run needs to know of its data before it starts. */
import * as path from 'node:path';
import type { DatasetSpec, Guess } from '../../protocol/dataset-spec.ts';
import type { DataPreview } from '../../protocol/engine.ts';
import type { DataFingerprint } from '../../protocol/run.ts';
import { changeSpec, SPEC_FIELDS, type SpecChanges } from '../../protocol/spec-fields.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { KnownFiles } from '../store/known-files.ts';
import { fingerprintData } from '../data/describe/fingerprint-data.ts';
import { previewData } from '../data/describe/preview-data.ts';
import { readSpecFile, withPaths } from '../data/recsys-file.ts';

export interface DescribedData {
  readonly spec: DatasetSpec;
  readonly fingerprint: DataFingerprint;
  /** How the spec was come by, for the person to read. */
  readonly notes: string[];
}

/**
 * The spec is that of the given file, else that kept in the nearest recsys.json, else a guess whose reasons are told;
 * what was given by itself goes before it.
 * @param changes what was given by itself
 * @param known hashes of files that were read before
 * @throws UserError when the data cannot be read or the spec does not fit them
 */
export async function describeForRun(
  data: string,
  specFile: string | undefined,
  changes: SpecChanges,
  known: KnownFiles,
): Promise<DescribedData> {
  const { spec: found, notes, columns } = await specFor(data, specFile, changes);
  const spec = withGivenPlaces(changeSpec(found, changes));
  return { spec, notes, fingerprint: await fingerprintForRun(data, spec, known, columns) };
}

/** What was typed is relative to where it was typed. */
export function withGivenPlaces(spec: DatasetSpec): DatasetSpec {
  return withPaths(spec, (file) => path.resolve(file));
}

/**
 * The fingerprint of data that a run begins with.
 * @param known hashes of files that were read before
 * @param columns where they were read in the spec's format just now
 * @throws UserError when the data cannot be read or the spec does not fit them
 */
export async function fingerprintForRun(
  data: string,
  spec: DatasetSpec,
  known: KnownFiles,
  columns?: DataPreview['columns'],
): Promise<DataFingerprint> {
  return fingerprintData(data, spec, {
    ...(columns === undefined ? {} : { columns }),
    read: (file) => known.read(file),
  });
}

async function specFor(
  data: string,
  specFile: string | undefined,
  changes: SpecChanges,
): Promise<{ spec: DatasetSpec; notes: string[]; columns?: DataPreview['columns'] }> {
  if (specFile !== undefined) return { spec: await readSpecFile(specFile, data), notes: [] };
  const { saved, guess, columns } = await previewData(data, process.cwd(), changes);
  if (saved !== undefined) return { spec: saved, notes: [], columns };
  requireGuess(data, changeSpec(guess.spec, changes), columns);
  return { columns, spec: guess.spec, notes: notesOf(guess, changes) };
}

/** Why parts were guessed as they were; those that were given need no reason. */
function notesOf({ reasons }: Guess, changes: SpecChanges): string[] {
  const given = new Set<string>(
    SPEC_FIELDS.filter(({ name, detail }) => changes[name] !== undefined && detail !== true).map(
      (field) => field.of,
    ),
  );
  const guessed = Object.entries(reasons).filter(([part]) => !given.has(part));
  if (guessed.length === 0) return [];
  return [
    'No recsys.json names these data; the columns were guessed (recsys describe --save keeps the guess):',
    ...guessed.map(([part, reason]) => `  ${part}: ${reason}`),
  ];
}

/** @throws UserError when the guess has no sequence or no item column */
function requireGuess(data: string, spec: DatasetSpec, columns: DataPreview['columns']): void {
  const missing = spec.sequence.length === 0 ? 'sequences' : spec.item.length === 0 ? 'items' : undefined;
  if (missing === undefined) return;
  const seen = columns.map(({ name, type }) => `${name} ${type}`).join(', ');
  throw new UserError(
    `Which columns of ${data} identify the ${missing} cannot be told from their names and values (${shortened(seen)}).`,
    'Name them with --sequence and --item, or in a recsys.json (recsys describe <data> --save). Columns of nested type cannot be used.',
    { remedy: 'columns', inWindow: 'Choose the columns. Those of nested type cannot be used.' },
  );
}

const SHOWN_LENGTH = 300;

/** A damaged file may be one column with a name of any length. */
function shortened(text: string): string {
  return text.length <= SHOWN_LENGTH ? text : `${text.slice(0, SHOWN_LENGTH)}…`;
}
