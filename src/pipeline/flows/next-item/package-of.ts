import { UserError } from '../../../protocol/user-error.ts';
import type { StepContext } from '../../flow/step-context.ts';
import type { ModelFile } from '../../model/model-file.ts';
import { readPackage } from '../../model/open-model.ts';

/** The steps that leave packages. */
export type TrainingStep = 'train' | 'refit' | 'everything';

/** The package that a step of this run left of a model. @throws UserError where it was not trained */
export async function packageOf(
  context: StepContext,
  step: TrainingStep,
  name: string,
): Promise<{ readonly folder: string; readonly file: ModelFile }> {
  const branch = context.branches(step).finished.find((candidate) => candidate.name === name);
  if (branch === undefined)
    throw new UserError(`Model ${name} was not trained.`, 'See why its training failed: recsys logs');
  const folder = branch.locateFolder();
  return { folder, file: await readPackage(folder) };
}
