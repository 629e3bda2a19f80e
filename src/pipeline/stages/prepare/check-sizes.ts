import type { DatasetSpec } from '../../../protocol/dataset-spec.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { minimumLength } from './code-sequences.ts';
import type { PartSizes } from './code-sequences.ts';
import { checkGivenParts } from './given-split.ts';

/** @throws UserError when nothing is left to train on, to choose by, or to test */
export function checkSizes(sizes: PartSizes, spec: DatasetSpec, place: string): void {
  const least = minimumLength(spec);
  if (sizes.longEnough === 0)
    throw new UserError(
      `All ${sizes.total} sequences of ${place} are shorter than ${least} items.`,
      `Lower the minimum length, or check the sequence columns ${spec.sequence.join(', ')}.`,
    );
  if (sizes.kept === 0)
    throw new UserError(
      `No sequence of ${place} is in the sample of ${spec.sample}.`,
      'Raise the sample share.',
    );
  if (spec.split.by === 'column') return checkGivenParts(sizes, spec, place);
  for (const [part, share] of [
    ['train', spec.split.ratios[0]],
    ['validation', spec.split.ratios[1]],
    ['test', spec.split.ratios[2]],
  ] as const) {
    if (sizes[part] === 0 && (share > 0 || part !== 'validation')) {
      throw new UserError(
        `The split by ${spec.split.by} leaves no ${part} rows: ${sizes.kept} sequences are too few for shares of ${spec.split.ratios.join(', ')}.`,
        'Give more data, a larger sample, other shares, or split by leave-one-out.',
      );
    }
  }
}
