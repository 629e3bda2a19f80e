import { UserError } from '../../protocol/user-error.ts';
import { readParity, type OpenPackage } from './open-model.ts';
import { differingLists } from './parity.ts';

/** Scores of one model differ by less than this between machines, whose kernels round differently. */
const ROUNDING = 1e-5;

/**
 * Looks whether a package gives the lists it gave when it was trained.
 * @throws UserError where it gives others
 */
export async function requireParity(model: OpenPackage): Promise<void> {
  const parity = await readParity(model);
  const differing = differingLists(model.recommender, parity, ROUNDING);
  if (differing === 0) return;
  throw new UserError(
    `Model ${model.name} in ${model.folder} does not give the lists it gave when it was trained: ${differing} of ${parity.lists.length} differ.`,
    'It was trained by another version of its kind, or a file was exchanged; train it anew.',
  );
}
