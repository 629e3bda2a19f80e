import type { ModelSpec } from '../../../../protocol/run.ts';
import type { StepDefinition } from '../../../flow/flow-definition.ts';
import type { StepContext } from '../../../flow/step-context.ts';
import type { ModelKind } from '../../../kinds/model-kind.ts';
import { modelKind } from '../../../kinds/registry.ts';
import { askedOf, ASKED_PARAMETERS } from '../asked.ts';
import { branchOf } from '../branch-of.ts';
import { requireMemoryFor, trainBytes } from '../memory-of-models.ts';
import { preparedInput } from '../prepared-input.ts';
import { fitAndKeep } from './fit-and-keep.ts';
import { parityQueries } from './parity-queries.ts';

/** Trains one model and keeps its package in the step's folder. */
export async function trainModel(context: StepContext, branch: ModelSpec): Promise<void> {
  requireMemoryFor('Training', branch.name, await trainBytes(context), context.memoryLimit);
  const data = await preparedInput(context);
  const fitting = { data, asked: askedOf(context, data), membersFrom: 'train' as const };
  await fitAndKeep(context, branch, fitting, ({ parameters, refit }) => ({
    ...{ given: branch.given, parameters },
    ...(refit === undefined ? {} : { refit }),
    queries: parityQueries(context, data),
    locate: (file) => context.locate('prepare', file),
  }));
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
  version: '7',
  branchVersion: versionOfKind,
  shared: false,
  parallel: (branch) => branch !== undefined && modelKind(branch.kind).parallel,
  weight: (branch) => (branch === undefined ? 1 : weightOf(modelKind(branch.kind))),
  memory: trainBytes,
  run: (context) => trainModel(context, branchOf(context)),
};
