import { UserError } from '../../../../protocol/user-error.ts';
import type { StepContext } from '../../../flow/step-context.ts';
import type { ModelFile } from '../../../model/model-file.ts';
import { readPackage } from '../../../model/open-model.ts';

/** The package of a finished model of this run. @throws UserError where it was not trained */
export async function packageOf(
  context: StepContext,
  name: string,
): Promise<{ readonly folder: string; readonly file: ModelFile }> {
  const branch = context.branches('train').finished.find((candidate) => candidate.name === name);
  if (branch === undefined)
    throw new UserError(`Model ${name} was not trained.`, 'See why its training failed: recsys logs');
  const folder = branch.locateFolder();
  return { folder, file: await readPackage(folder) };
}
