import * as path from 'node:path';
import type { ParameterValue } from '../../../../protocol/parameters.ts';
import type { ModelSpec } from '../../../../protocol/run.ts';
import { writeNpy } from '../../../data/npy.ts';
import type { PreparedData } from '../../../data/prepared-data.ts';
import type { StepDefinition } from '../../../flow/flow-definition.ts';
import type { StepContext } from '../../../flow/step-context.ts';
import { modelKind } from '../../../kinds/registry.ts';
import type { ModelFile } from '../../../model/model-file.ts';
import { storedIn } from '../../../model/stored-model.ts';
import { askedOf, ASKED_PARAMETERS } from '../asked.ts';
import { packageOf, type TrainingStep } from '../package-of.ts';
import { fitAndKeep } from '../train/fit-and-keep.ts';
import { parityQueries } from '../train/parity-queries.ts';
import { versionOfKind } from '../train/train-step.ts';

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

/** What steps that train models again have in common. */
export const TRAINS_AGAIN = {
  uses: [...ASKED_PARAMETERS, 'seed', 'deterministic'],
  branchVersion: versionOfKind,
  shared: false,
  parallel: (branch) => branch !== undefined && modelKind(branch.kind).parallel,
  weight: (branch) => (branch !== undefined && modelKind(branch.kind).parallel ? 10 : 1),
} satisfies Partial<StepDefinition>;

export interface Again {
  /** The data as prepare left them. */
  readonly prepared: PreparedData;
  /** The same with more rows for training. */
  readonly data: PreparedData;
  /** The step that does it, whose packages a composite model is made of. */
  readonly step: TrainingStep;
  /** What the package says besides. */
  readonly says?: Pick<ModelFile, 'everything'>;
}

/** Trains a model again, on more rows, with the settings its first training chose. Nothing is chosen here. */
export async function fitAgain(
  context: StepContext,
  branch: ModelSpec,
  { prepared, data, step, says = {} }: Again,
): Promise<void> {
  const first = await packageOf(context, 'train', branch.name);
  const earlier = storedIn(first.folder, first.file);
  const counts = path.join(context.scratch, 'train-counts.npy');
  await writeNpy(counts, data.trainCounts);
  const fitting = {
    ...{ data, asked: askedOf(context, prepared), membersFrom: step },
    earlier: { locate: (artifact: string) => earlier.locate(artifact) },
  };
  await fitAndKeep(context, settled(branch, first.file), fitting, () => ({
    given: branch.given,
    parameters: { ...first.file.parameters, ...first.file.refit },
    queries: parityQueries(context, prepared),
    locate: (file) => (file === 'trainCounts' ? counts : context.locate('prepare', file)),
    ...says,
  }));
}
