/** The trained models of a run. */
import * as path from 'node:path';
import { EXIT, UserError } from '../../protocol/user-error.ts';
import { locateArtifact, locateStepFolder } from '../flow/inputs.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { stepOf } from '../flow/plan.ts';
import { flowOf } from '../flows/registry.ts';
import { MODEL_ARTIFACT, MODEL_FILE, NamedModel, readModelFile } from '../model/model-file.ts';
import { openModel, type OpenModel } from '../model/open-model.ts';
import { readJson } from '../store/read-json.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { openEarlierModel } from './earlier-model.ts';

/** The step whose models are meant for use: that which trained them on the validation part too, where the run has it. */
function modelStep(run: RunFolder, flow: FlowDefinition): string {
  const { step, refit } = flow.shows.models;
  if (refit === undefined) return step;
  return (stepOf(flow, refit).foreach?.(run.manifest()) ?? []).length > 0 ? refit : step;
}

/** Names of the finished models of a run: those of the branches of the flow's step that trains, or the one of the step itself. */
function trainedModels(run: RunFolder, flow: FlowDefinition, step: string): string[] {
  const branches = stepOf(flow, step).foreach?.(run.manifest()) ?? [undefined];
  return branches.flatMap((branch) => {
    const file = locateArtifact(run, step, branch?.name, MODEL_ARTIFACT);
    const model = file === undefined ? undefined : readJson(file, NamedModel);
    return model === undefined ? [] : [model.name];
  });
}

/**
 * The folder of a finished model's package, with all files as they were written.
 * @throws UserError when the run has no finished model of that name
 */
function packageOf(run: RunFolder, name: string): string {
  const flow = flowOf(run.manifest().flow);
  const step = modelStep(run, flow);
  const trained = trainedModels(run, flow, step);
  const folder = trained.includes(name) ? locateStepFolder(run, step, name) : undefined;
  if (folder === undefined) {
    const names = trained.join(', ');
    throw new UserError(
      `Run ${run.id} has no trained model '${name}'.`,
      names === '' ? `Go on with it: recsys resume ${run.id}` : `It has: ${names}.`,
      { exitCode: EXIT.notFound },
    );
  }
  return folder;
}

/** @throws UserError when the run has no finished model of that name */
export async function openRunModel(run: RunFolder, name: string): Promise<OpenModel> {
  const folder = packageOf(run, name);
  const file = await readModelFile(path.join(folder, MODEL_FILE));
  const model =
    file.format === 1
      ? await openEarlierModel(run, folder, file)
      : await openModel(folder, { verified: true });
  return { ...model, source: { run: run.id } };
}
