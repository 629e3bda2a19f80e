/** The trained models of a run. */
import { EXIT, UserError } from '../../protocol/user-error.ts';
import { locateArtifact, locateStepFolder } from '../flow/inputs.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { stepOf } from '../flow/plan.ts';
import { flowOf } from '../flows/registry.ts';
import {
  MODEL_ARTIFACT,
  NamedModel,
  readModelFile,
  type EarlierModelFile,
  type ModelFile,
} from '../model/model-file.ts';
import { findKind } from '../kinds/registry.ts';
import { openPackage, type OpenModel } from '../model/open-model.ts';
import { openPackageVectors, vectorsOf, type OpenVectors } from '../model/open-vectors.ts';
import { readJson } from '../store/read-json.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { openEarlierModel, openEarlierVectors } from './earlier-model.ts';

/** Which training of a model is meant: the one whose figures the run has, or that on all rows. */
export type WhichTraining = 'evaluated' | 'everything';

/** The steps that leave models, those meant for use first: trained on the validation part too, where the run does that. */
function modelSteps({ shows: { models } }: FlowDefinition, which: WhichTraining): string[] {
  if (which === 'everything') return models.everything === undefined ? [] : [models.everything];
  return models.refit === undefined ? [models.step] : [models.refit, models.step];
}

/** The finished models of a run: those of the branches of the flow's step that trains, or the one of the step itself. */
export function trainedModels(run: RunFolder, flow: FlowDefinition, which: WhichTraining): NamedModel[] {
  const step = modelSteps(flow, which).at(-1);
  if (step === undefined) return [];
  const branches = stepOf(flow, step).foreach?.(run.manifest()) ?? [undefined];
  return branches.flatMap((branch) => {
    const file = locateArtifact(run, step, branch?.name, MODEL_ARTIFACT);
    const model = file === undefined ? undefined : readJson(file, NamedModel);
    return model === undefined ? [] : [model];
  });
}

/** A finished model's package: its folder, with all files as they were written, and its `model.json`. */
interface Trained {
  readonly folder: string;
  readonly file: ModelFile | EarlierModelFile;
}

/** @throws UserError when a file of it is not what was written */
async function findTrained(run: RunFolder, step: string, name: string): Promise<Trained | undefined> {
  const location = locateArtifact(run, step, name, MODEL_ARTIFACT);
  const folder = location === undefined ? undefined : locateStepFolder(run, step, name);
  if (location === undefined || folder === undefined) return undefined;
  const file = await readModelFile(location);
  // A step without branches has one model, whatever is asked for.
  return file.name === name ? { folder, file } : undefined;
}

function noSuchModel(run: RunFolder, flow: FlowDefinition, name: string, which: WhichTraining): UserError {
  const names = trainedModels(run, flow, which)
    .map((model) => model.name)
    .join(', ');
  if (which === 'everything')
    return new UserError(
      `Model '${name}' of run ${run.id} was not trained on everything.`,
      names === '' ? `Train its best model so: recsys refit ${run.id}` : `These were: ${names}.`,
      { exitCode: EXIT.notFound },
    );
  return new UserError(
    `Run ${run.id} has no trained model '${name}'.`,
    names === '' ? `Go on with it: recsys resume ${run.id}` : `It has: ${names}.`,
    { exitCode: EXIT.notFound },
  );
}

async function trainedModel(run: RunFolder, name: string, which: WhichTraining): Promise<Trained> {
  const flow = flowOf(run.manifest().flow);
  for (const step of modelSteps(flow, which)) {
    const trained = await findTrained(run, step, name);
    if (trained !== undefined) return trained;
  }
  throw noSuchModel(run, flow, name, which);
}

/** @throws UserError when the run has no finished model of that name */
export async function openRunModel(
  run: RunFolder,
  name: string,
  which: WhichTraining = 'evaluated',
): Promise<OpenModel> {
  const { folder, file } = await trainedModel(run, name, which);
  const model =
    file.format === 1
      ? await openEarlierModel(run, folder, file)
      : await openPackage(folder, file, { verified: true });
  return { ...model, source: sourceOf(run, which) };
}

/**
 * The folder of the package of a run's model, which is all that exporting and serving need.
 * @throws UserError when the run has no finished model of that name, or one of an earlier version, which is no package
 */
export async function runPackage(
  run: RunFolder,
  name: string,
  which: WhichTraining = 'evaluated',
): Promise<string> {
  const { folder, file } = await trainedModel(run, name, which);
  if (file.format === 2) return folder;
  throw new UserError(
    `Model '${name}' of run ${run.id} was trained by an earlier version, which left no package of it.`,
    'Train it anew in a new run.',
  );
}

function sourceOf(run: RunFolder, which: WhichTraining): OpenModel['source'] {
  return { run: run.id, ...(which === 'everything' ? { everything: true } : {}) };
}

/** Names of a run's trained models that have vectors. */
export function modelsWithVectors(run: RunFolder, which: WhichTraining): string[] {
  return trainedModels(run, flowOf(run.manifest().flow), which)
    .filter(({ kind }) => findKind(kind)?.vectors !== undefined)
    .map(({ name }) => name);
}

/** What to do where a model has no vectors. */
function othersWithVectors(run: RunFolder, which: WhichTraining): string {
  const names = modelsWithVectors(run, which);
  if (names.length > 0) return `These have some: ${names.join(', ')}.`;
  return which === 'everything'
    ? 'No model that was trained on everything has some.'
    : 'No model of this run has some: train one in a new run (prod2vec, say, with --models).';
}

/** The vectors of a run's model alone. @throws UserError when the run has no finished model of that name, or it has none */
export async function openRunVectors(
  run: RunFolder,
  name: string,
  which: WhichTraining = 'evaluated',
): Promise<OpenVectors> {
  const { folder, file } = await trainedModel(run, name, which);
  vectorsOf(file, othersWithVectors(run, which));
  const opened =
    file.format === 1
      ? await openEarlierVectors(run, folder, file)
      : await openPackageVectors(folder, file, { verified: true });
  return { ...opened, source: sourceOf(run, which) };
}
