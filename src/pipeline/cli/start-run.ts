/** Makes the run that a command asks for, of data or of all that another run was made of. */
import path from 'node:path';
import type { DataFingerprint, RunLabels } from '../../protocol/run.ts';
import { changeSpec, type SpecChanges } from '../../protocol/spec-fields.ts';
import { EXIT, UserError } from '../../protocol/user-error.ts';
import { changedFile } from '../flow/check-data.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { createRun } from '../launch/new-run.ts';
import { givenOf } from '../flow/given-of.ts';
import { recsysCommand } from '../own-shell.ts';
import { KnownFiles } from '../store/known-files.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { RunStore } from '../store/run-store.ts';
import { flowOf } from '../flows/registry.ts';
import { plainText } from '../terminal/format.ts';

export interface StartRequest {
  readonly data: string;
  readonly specFile: string | undefined;
  readonly specChanges: SpecChanges;
  /** Parameters. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly until: string;
  readonly labels: RunLabels;
}

const say = (text: string): unknown => process.stderr.write(`${plainText(text)}\n`);

/** A new run of data, whose spec is told to the person where it was guessed. */
export async function runOfData(
  store: RunStore,
  flow: FlowDefinition,
  { data, specFile, specChanges, given, until, labels }: StartRequest,
): Promise<RunFolder> {
  const { describeForRun } = await import('../launch/describe-data.ts');
  const known = new KnownFiles(store.folder);
  const { spec, fingerprint, notes } = await describeForRun(data, specFile, specChanges, known);
  notes.forEach(say);
  const run = await createRun(store, { flow, data: fingerprint, spec, given, until, labels });
  await known.save();
  return run;
}

export interface LikeRequest extends Omit<StartRequest, 'data'> {
  /** Other data than those of the run. */
  readonly data: string | undefined;
}

/**
 * A new run of the data, spec, parameters and models of another one; what was given goes before these.
 * @throws UserError for a run of another flow
 */
export async function runLike(
  store: RunStore,
  flow: FlowDefinition,
  origin: RunFolder,
  { data, specFile, specChanges, given, until, labels }: LikeRequest,
): Promise<RunFolder> {
  const manifest = origin.manifest();
  if (manifest.flow !== flow.name) {
    const { start } = flowOf(manifest.flow);
    throw new UserError(
      `Run ${origin.id} was started by 'recsys ${start.name}'.`,
      `One like it is: ${recsysCommand(start.name, '--like', origin.id)}`,
      { exitCode: EXIT.usage },
    );
  }
  const { fingerprintForRun, withGivenPlaces } = await import('../launch/describe-data.ts');
  const { readSpecFile } = await import('../data/recsys-file.ts');
  const place = data ?? placeOf(manifest.data);
  const base = specFile === undefined ? manifest.spec : await readSpecFile(specFile, place);
  const spec = withGivenPlaces(changeSpec(base, specChanges));
  const known = new KnownFiles(store.folder);
  const fingerprint = await fingerprintForRun(place, spec, known);
  if (data === undefined) await noteOther(manifest.data);
  const run = await createRun(store, {
    ...{ flow, data: fingerprint, spec, until, labels },
    given: { ...givenOf(manifest, flow), ...given },
  });
  await known.save();
  return run;
}

/** A path was given from where the run was started. */
function placeOf({ path: given, folder }: DataFingerprint): string {
  return folder === undefined || folder === process.cwd() ? given : path.resolve(folder, given);
}

async function noteOther(data: DataFingerprint): Promise<void> {
  const changed = await changedFile(data).catch(() => undefined);
  if (changed !== undefined)
    say(`${changed} was changed since that run; the new one is of the data as they are now.`);
}
