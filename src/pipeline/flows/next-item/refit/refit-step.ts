import * as path from 'node:path';
import type { ModelSpec } from '../../../../protocol/run.ts';
import type { ParameterValue } from '../../../../protocol/parameters.ts';
import { writeNpy } from '../../../data/npy.ts';
import { withValidation } from '../../../data/with-validation.ts';
import type { StepDefinition } from '../../../flow/flow-definition.ts';
import type { StepContext } from '../../../flow/step-context.ts';
import { modelKind } from '../../../kinds/registry.ts';
import type { ModelFile } from '../../../model/model-file.ts';
import { storedIn } from '../../../model/stored-model.ts';
import { ASKED_PARAMETERS } from '../asked.ts';
import { branchOf } from '../branch-of.ts';
import { requireMemoryFor, trainBytes } from '../memory-of-models.ts';
import { preparedInput } from '../prepared-input.ts';
import { fitAndKeep } from '../train/fit-and-keep.ts';
import { packageOf } from '../package-of.ts';
import { parityQueries } from '../train/parity-queries.ts';
import { versionOfKind } from '../train/train-step.ts';
import { refits } from './refits.ts';

/** The first training's settings, none of which is to be searched again. */
function settled(branch: ModelSpec, file: ModelFile): ModelSpec {
  const { parameters: set } = modelKind(branch.kind);
  const off: Record<string, ParameterValue> = {
    ...('tune' in set ? { tune: false } : {}),
    ...('patience' in set ? { patience: 0 } : {}),
  };
  const parameters = { ...file.parameters, ...file.refit, ...off };
  return {
    ...branch,
    parameters,
    given: Object.keys(parameters),
    ...(branch.members === undefined ? {} : { members: file.members.map(({ name }) => name) }),
  };
}

/** Trains a model again, on the validation part too, with the settings its first training chose. */
async function refitModel(context: StepContext, branch: ModelSpec): Promise<void> {
  requireMemoryFor('Training', branch.name, await trainBytes(context), context.memoryLimit);
  const data = await preparedInput(context);
  const all = withValidation(data);
  const first = await packageOf(context, 'train', branch.name);
  const earlier = storedIn(first.folder, first.file);
  const counts = path.join(context.scratch, 'train-counts.npy');
  await writeNpy(counts, all.trainCounts);
  const fitting = {
    ...{ data: all, membersFrom: 'refit' as const },
    earlier: { locate: (artifact: string) => earlier.locate(artifact) },
  };
  await fitAndKeep(context, settled(branch, first.file), fitting, () => ({
    given: branch.given,
    parameters: { ...first.file.parameters, ...first.file.refit },
    queries: parityQueries(context, data),
    locate: (file) => (file === 'trainCounts' ? counts : context.locate('prepare', file)),
  }));
}

/**
 * Trains the models of the run again on the training and validation parts: what is tested, and used, has seen all rows
 * before the test part. Nothing is chosen here.
 */
export const refitStep: StepDefinition = {
  name: 'refit',
  title: 'Train on validation too',
  needs: ['prepare', 'train'],
  foreach: (manifest) => (refits(manifest) ? manifest.models : []),
  uses: [...ASKED_PARAMETERS, 'seed', 'deterministic'],
  version: '1',
  branchVersion: versionOfKind,
  shared: false,
  parallel: (branch) => branch !== undefined && modelKind(branch.kind).parallel,
  weight: (branch) => (branch !== undefined && modelKind(branch.kind).parallel ? 10 : 1),
  memory: trainBytes,
  run: (context) => refitModel(context, branchOf(context)),
};
