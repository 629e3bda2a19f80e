import { UserError } from '../../protocol/user-error.ts';
import type { Recommender } from '../kinds/ranking/recommender.ts';
import { differingLists, type Parity } from './parity.ts';

/** Scores of one model differ by less than this between machines, whose kernels round differently. */
const ROUNDING = 1e-5;

export interface Asked {
  readonly name: string;
  readonly folder: string;
  readonly recommender: Recommender;
}

/** @throws UserError where a model does not give the lists of its parity fixture */
export function requireSameLists({ name, folder, recommender }: Asked, parity: Parity): void {
  const differing = differingLists(recommender, parity, ROUNDING);
  if (differing === 0) return;
  throw new UserError(
    `Model ${name} in ${folder} does not give the lists it gave when it was trained: ${differing} of ${parity.lists.length} differ.`,
    'It was trained by another version of its kind, or a file was exchanged; train it anew.',
  );
}
