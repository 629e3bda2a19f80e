import * as path from 'node:path';
import { UserError } from '../../protocol/user-error.ts';
import { catalogueOf } from '../data/catalogue.ts';
import type { EarlierModelFile } from '../model/model-file.ts';
import type { OpenModel } from '../model/open-model.ts';
import { vectorsOf, type OpenVectors } from '../model/open-vectors.ts';
import { openRecommender, type StoredModel } from '../model/stored-model.ts';
import { locateArtifact } from '../flow/inputs.ts';
import { flowOf } from '../flows/registry.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { itemsFileOf, openItemNames, openRunData } from './run-data.ts';

/** A model's artifacts as its step's state names them; those of a member are called `<member>/<artifact>`. */
function storedInRun(
  run: RunFolder,
  step: string,
  { name, kind }: Pick<EarlierModelFile, 'name' | 'kind'>,
): StoredModel {
  const locate = (artifact: string): string => {
    const file = locateArtifact(run, step, name, artifact);
    if (file === undefined)
      throw new UserError(
        `Model '${name}' of run ${run.id} lacks its artifact '${artifact}'.`,
        'Train it again in a new run.',
      );
    return file;
  };
  const member = (of: string, memberKind: string): StoredModel => ({
    kind: memberKind,
    locate: (artifact) => locate(`${of}/${artifact}`),
    member: (inner) => {
      throw new Error(`earlier versions had no models made of '${inner}' inside another`);
    },
  });
  return { kind, locate, member };
}

/**
 * Opens a model of an earlier version, which is no package: its items are those of its run's prepared data.
 * @param folder of the model's artifacts
 * @throws UserError where the run lacks what it needs
 */
export async function openEarlierModel(
  run: RunFolder,
  folder: string,
  model: EarlierModelFile,
): Promise<OpenModel> {
  const { flow, parameters } = run.manifest();
  const catalogue = catalogueOf(await openRunData(run));
  const recommender = await openRecommender(storedInRun(run, flowOf(flow).shows.models.step, model), {
    catalogue,
    seed: Number(parameters['seed'] ?? 0),
    deterministic: parameters['deterministic'] === true,
  });
  return {
    ...{ name: model.name, kind: model.kind, folder: path.resolve(folder), source: { run: run.id } },
    ...{ catalogue, recommender, scorer: recommender.scorer },
    names: () => openItemNames(run),
  };
}

/** The same for its vectors alone. */
export async function openEarlierVectors(
  run: RunFolder,
  folder: string,
  model: EarlierModelFile,
): Promise<OpenVectors> {
  const reader = vectorsOf(model);
  const catalogue = catalogueOf(await openRunData(run));
  const stored = storedInRun(run, flowOf(run.manifest().flow).shows.models.step, model);
  const vectors = await reader.read({ catalogue, locate: (artifact) => stored.locate(artifact) });
  return {
    ...{ name: model.name, kind: model.kind, folder: path.resolve(folder), source: { run: run.id } },
    ...{ vectors, stated: reader.stated, catalogue, itemsFile: itemsFileOf(run) },
  };
}
