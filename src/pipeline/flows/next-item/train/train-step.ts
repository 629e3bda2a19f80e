import * as fs from 'node:fs/promises';
import { UserError } from '../../../../protocol/user-error.ts';
import type { StepDefinition } from '../../../flow/flow-definition.ts';
import type { StepContext } from '../../../flow/step-context.ts';
import type { ModelSpec } from '../../../../protocol/run.ts';
import type { PreparedData } from '../../../data/prepared-data.ts';
import { checkedParameters } from '../../../kinds/fitting/checked-parameters.ts';
import type { FitResult, Member, ModelKind, WriteArtifact } from '../../../kinds/model-kind.ts';
import { openScorer } from '../../../model/open-recommender.ts';
import { modelKind } from '../../../kinds/registry.ts';
import { askedOf, ASKED_PARAMETERS } from '../asked.ts';
import { requireMemoryFor, trainBytes } from '../memory-of-models.ts';
import { branchOf } from '../branch-of.ts';
import { preparedInput } from '../prepared-input.ts';
import { MODEL_ARTIFACT, readModelFile, type ModelFile } from './model-file.ts';

interface Fitting {
  readonly data: PreparedData;
  readonly write: WriteArtifact;
}

/**
 * Fits one model.
 * @returns what `model.json` says of it, and figures of the training
 */
export async function fitModel(
  context: StepContext,
  branch: ModelSpec,
  { data, write }: Fitting,
): Promise<{ model: ModelFile; metrics: FitResult['metrics'] }> {
  const kind = modelKind(branch.kind);
  const parameters = checkedParameters(branch.name, kind.parameters, branch.parameters);
  if (!kind.fits({ hasGroups: data.itemGroups !== undefined })) {
    throw new UserError(
      `${kind.title} needs a group column (such as the artist or the category).`,
      'Name one in recsys.json, or leave this model out.',
    );
  }
  const result = await kind.fit({
    data,
    parameters,
    given: branch.given,
    seed: context.seed,
    threads: context.threads,
    memoryLimit: context.memoryLimit,
    deterministic: context.deterministic,
    signal: context.signal,
    reporter: context.reporter,
    ...askedOf(context, data),
    selectBy: String(context.manifest.parameters['selectBy'] ?? 'auto'),
    members: branch.members === undefined ? [] : await membersOf(context, branch.members, data),
    write,
  });
  const model: ModelFile = {
    format: 1,
    name: branch.name,
    kind: branch.kind,
    parameters: result.parameters ?? parameters,
    given: branch.given,
  };
  return { model, metrics: result.metrics };
}

/** The finished models of this step that a model is made of. */
async function membersOf(
  context: StepContext,
  names: readonly string[],
  data: PreparedData,
): Promise<Member[]> {
  const { finished } = context.branches('train');
  const { threads, deterministic, seed } = context;
  return Promise.all(
    names.map(async (name) => {
      const branch = finished.find((candidate) => candidate.name === name);
      const locate = (artifact: string): string => {
        const file = branch?.locate(artifact);
        if (file === undefined)
          throw new UserError(
            `Model ${name} left no artifact '${artifact}'.`,
            'Train it again in a new run.',
          );
        return file;
      };
      const { kind } = await readModelFile(locate(MODEL_ARTIFACT));
      return {
        name,
        kind,
        artifacts: (branch?.artifacts ?? []).map((artifact) => ({
          ...artifact,
          path: locate(artifact.name),
        })),
        open: () => openScorer(kind, locate, { data, threads, deterministic, seed }),
      };
    }),
  );
}

/** Trains one model and keeps it. */
export async function trainModel(context: StepContext, branch: ModelSpec): Promise<void> {
  requireMemoryFor('Training', branch.name, await trainBytes(context), context.memoryLimit);
  const data = await preparedInput(context);
  const write: WriteArtifact = (name, file, fill) => context.write(name, file, fill);
  const { model, metrics } = await fitModel(context, branch, { data, write });
  for (const [name, value] of Object.entries(metrics)) context.metric(name, value);
  await context.write(MODEL_ARTIFACT, 'model.json', (file) =>
    fs.writeFile(file, `${JSON.stringify(model, null, 2)}\n`),
  );
}

const weightOf = ({ parallel, effort = 1 }: ModelKind): number => (parallel ? 10 * effort : 1);

/** Version of the kind a branch is of; a composite's key has those of its members by what it needs. */
export function versionOfKind(branch: ModelSpec): string {
  return modelKind(branch.kind).version;
}

/** Trains one model of the run. */
export const trainStep: StepDefinition = {
  name: 'train',
  title: 'Train',
  needs: ['prepare'],
  foreach: (manifest) => manifest.models,
  uses: [...ASKED_PARAMETERS, 'seed', 'deterministic', 'selectBy'],
  version: '5',
  branchVersion: versionOfKind,
  shared: false,
  parallel: (branch) => branch !== undefined && modelKind(branch.kind).parallel,
  weight: (branch) => (branch === undefined ? 1 : weightOf(modelKind(branch.kind))),
  memory: trainBytes,
  run: (context) => trainModel(context, branchOf(context)),
};
