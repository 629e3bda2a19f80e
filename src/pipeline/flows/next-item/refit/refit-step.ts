import type { ModelSpec } from '../../../../protocol/run.ts';
import { withValidation } from '../../../data/with-validation.ts';
import type { StepDefinition } from '../../../flow/flow-definition.ts';
import type { StepContext } from '../../../flow/step-context.ts';
import { branchOf } from '../branch-of.ts';
import { requireMemoryFor, trainBytes } from '../memory-of-models.ts';
import { preparedInput } from '../prepared-input.ts';
import { fitAgain, TRAINS_AGAIN } from './fit-again.ts';
import { refits } from './refits.ts';

/** Trains a model again, on the validation part too, with the settings its first training chose. */
async function refitModel(context: StepContext, branch: ModelSpec): Promise<void> {
  requireMemoryFor('Training', branch.name, await trainBytes(context), context.memoryLimit);
  const prepared = await preparedInput(context);
  await fitAgain(context, branch, { prepared, data: withValidation(prepared), step: 'refit' });
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
  ...TRAINS_AGAIN,
  version: '1',
  memory: trainBytes,
  run: (context) => refitModel(context, branchOf(context)),
};
