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
import { openPackage, type OpenModel } from '../model/open-model.ts';
import { readJson } from '../store/read-json.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { openEarlierModel } from './earlier-model.ts';

/** The steps that leave models, those meant for use first: trained on the validation part too, where the run does that. */
function modelSteps({ shows: { models } }: FlowDefinition): string[] {
  return models.refit === undefined ? [models.step] : [models.refit, models.step];
}

/** Names of the finished models of a run: those of the branches of the flow's step that trains, or the one of the step itself. */
function trainedModels(run: RunFolder, flow: FlowDefinition): string[] {
  const { step } = flow.shows.models;
  const branches = stepOf(flow, step).foreach?.(run.manifest()) ?? [undefined];
  return branches.flatMap((branch) => {
    const file = locateArtifact(run, step, branch?.name, MODEL_ARTIFACT);
    const model = file === undefined ? undefined : readJson(file, NamedModel);
    return model === undefined ? [] : [model.name];
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

function noSuchModel(run: RunFolder, flow: FlowDefinition, name: string): UserError {
  const names = trainedModels(run, flow).join(', ');
  return new UserError(
    `Run ${run.id} has no trained model '${name}'.`,
    names === '' ? `Go on with it: recsys resume ${run.id}` : `It has: ${names}.`,
    { exitCode: EXIT.notFound },
  );
}

async function trainedModel(run: RunFolder, name: string): Promise<Trained> {
  const flow = flowOf(run.manifest().flow);
  for (const step of modelSteps(flow)) {
    const trained = await findTrained(run, step, name);
    if (trained !== undefined) return trained;
  }
  throw noSuchModel(run, flow, name);
}

/** @throws UserError when the run has no finished model of that name */
export async function openRunModel(run: RunFolder, name: string): Promise<OpenModel> {
  const { folder, file } = await trainedModel(run, name);
  const model =
    file.format === 1
      ? await openEarlierModel(run, folder, file)
      : await openPackage(folder, file, { verified: true });
  return { ...model, source: { run: run.id } };
}
