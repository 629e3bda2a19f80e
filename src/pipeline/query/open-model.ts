import type { Selection } from '../../protocol/report.ts';
import { EXIT, UserError } from '../../protocol/user-error.ts';
import { openPrepared, PREPARED, type PreparedArtifact, type PreparedData } from '../data/prepared-data.ts';
import { locateArtifact } from '../flow/inputs.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { stepOf } from '../flow/plan.ts';
import type { Scorer } from '../kinds/model-kind.ts';
import { openRecommender } from '../model/open-recommender.ts';
import type { Recommender } from '../model/recommend.ts';
import { flowOf } from '../flows/registry.ts';
import { MODEL_ARTIFACT, ModelFile } from '../flows/next-item/train/model-file.ts';
import { readJson } from '../store/read-json.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { RunStore } from '../store/run-store.ts';
import { readReport } from '../views/reports.ts';
import { ItemNames } from './item-names.ts';

function preparedFile(run: RunFolder, artifact: PreparedArtifact): string | undefined {
  return locateArtifact(run, flowOf(run.manifest().flow).shows.profile.step, undefined, artifact);
}

/** @throws UserError when the run's data are not prepared */
export async function openRunData(run: RunFolder): Promise<PreparedData> {
  if (preparedFile(run, 'layout') === undefined)
    throw new UserError(
      `The data of run ${run.id} are not prepared yet.`,
      `Go on with it: recsys resume ${run.id}`,
    );
  return openPrepared((artifact) => preparedFile(run, artifact));
}

/** @throws UserError when the run's data are not prepared */
export async function openItemNames(run: RunFolder): Promise<ItemNames> {
  const file = preparedFile(run, 'items');
  if (file === undefined)
    throw new UserError(
      `The data of run ${run.id} are not prepared yet (no ${PREPARED.items}).`,
      `Go on with it: recsys resume ${run.id}`,
    );
  return ItemNames.read(file);
}

/** A run that cannot be read has no report, and is no reason not to find another one. */
function hasReport(run: RunFolder): boolean {
  try {
    return run.driverState()?.state === 'succeeded' && readReport(run) !== undefined;
  } catch {
    return false;
  }
}

/** The newest run of the store whose report is finished. */
export function latestSuccessful(store: RunStore): RunFolder {
  for (const id of store.runIds()) {
    const run = store.run(id);
    if (hasReport(run)) return run;
  }
  throw new UserError(`No run in ${store.folder} is finished.`, 'Start one: recsys run <data>', {
    exitCode: EXIT.notFound,
  });
}

/** The run's choice among its models, made on validation. */
function selectionOf(run: RunFolder): Selection {
  const selection = readReport(run)?.selection;
  if (selection === undefined)
    throw new UserError(
      `Run ${run.id} has no report yet that names its best model.`,
      'Wait for it, or name a model with --model.',
    );
  return selection;
}

/** The model that recommends unless told otherwise: the best on validation. */
export function bestModel(run: RunFolder): string {
  return selectionOf(run).best;
}

/** The model whose neighbours are shown unless told otherwise: the best on validation that has vectors, else the best. */
export function defaultModel(run: RunFolder): string {
  const { bestEmbedding, best } = selectionOf(run);
  return bestEmbedding ?? best;
}

export interface OpenModel {
  readonly run: RunFolder;
  readonly name: string;
  readonly data: PreparedData;
  readonly scorer: Scorer;
  readonly recommender: Recommender;
}

/** A finished model of a run. */
interface TrainedModel {
  readonly name: string;
  readonly kind: string;
  /** Path of one of its artifacts; undefined when it was not written. */
  locate(artifact: string): string | undefined;
}

/** The finished models of a run: those of the branches of the flow's step that trains, or the one of the step itself. */
function trainedModels(run: RunFolder, flow: FlowDefinition): TrainedModel[] {
  const { step } = flow.shows.models;
  const branches = stepOf(flow, step).foreach?.(run.manifest()) ?? [undefined];
  return branches.flatMap((branch) => {
    const locate = (artifact: string): string | undefined =>
      locateArtifact(run, step, branch?.name, artifact);
    const file = locate(MODEL_ARTIFACT);
    const model = file === undefined ? undefined : readJson(file, ModelFile);
    return model === undefined ? [] : [{ name: model.name, kind: model.kind, locate }];
  });
}

/** @throws UserError when the run has no finished model of that name */
export async function openModel(run: RunFolder, name: string, data: PreparedData): Promise<OpenModel> {
  const manifest = run.manifest();
  const trained = trainedModels(run, flowOf(manifest.flow));
  const model = trained.find((candidate) => candidate.name === name);
  if (model === undefined) {
    const names = trained.map((candidate) => candidate.name).join(', ');
    throw new UserError(
      `Run ${run.id} has no trained model '${name}'.`,
      names === '' ? `Go on with it: recsys resume ${run.id}` : `It has: ${names}.`,
      { exitCode: EXIT.notFound },
    );
  }
  const recommender = await openRecommender({
    data,
    kind: model.kind,
    locate: (artifact) => {
      const file = model.locate(artifact);
      if (file === undefined)
        throw new UserError(
          `Model '${name}' of run ${run.id} lacks its artifact '${artifact}'.`,
          'Train it again in a new run.',
        );
      return file;
    },
    threads: 1,
    deterministic: manifest.parameters['deterministic'] === true,
    seed: Number(manifest.parameters['seed'] ?? 0),
  });
  return { run, name, data, scorer: recommender.scorer, recommender };
}
