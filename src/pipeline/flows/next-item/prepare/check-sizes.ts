import type { DatasetSpec } from '../../../../protocol/dataset-spec.ts';
import { oneOrMany } from '../../../../protocol/text/format.ts';
import { UserError } from '../../../../protocol/user-error.ts';
import type { Cut } from './cut-rows.ts';
import { minimumLength } from './code-sequences.ts';
import type { PartSizes } from './code-sequences.ts';
import { checkGivenParts } from './given-split.ts';

/** @throws UserError when nothing is left to train on, to choose by, or to test */
export function checkSizes(sizes: PartSizes, spec: DatasetSpec, place: string, cut: Cut | undefined): void {
  const least = minimumLength(spec);
  if (sizes.longEnough === 0)
    throw new UserError(
      `${oneOrMany(sizes.total, `The one sequence of ${place} is`, (n) => `All ${n} sequences of ${place} are`)} shorter than ${least} items.`,
      `Lower the minimum length, or check the sequence columns ${spec.sequence.join(', ')}.`,
      { remedy: 'options' },
    );
  if (sizes.kept === 0)
    throw new UserError(
      `No sequence of ${place} is in the sample of ${spec.sample}.`,
      'Raise the sample share.',
      { remedy: 'options' },
    );
  if (spec.split.by === 'column') return checkGivenParts(sizes, spec, place);
  for (const part of ['train', 'validation', 'test'] as const) {
    if (sizes[part] > 0) continue;
    throw new UserError(
      `The split by ${spec.split.by} leaves no ${part} rows: ${reasonOf(sizes, spec, cut)}.`,
      'Give more data, a larger sample, other shares, or split by leave-one-out.',
      { remedy: 'options' },
    );
  }
}

/** Sequences that begin at the same time are never parted, so three parts take three times. */
const TIMES = 3;

function reasonOf(
  { kept }: PartSizes,
  { split, minimumLength: least }: DatasetSpec,
  cut: Cut | undefined,
): string {
  const few = `${oneOrMany(kept, '1 sequence is', (n) => `${n} sequences are`)} too few for shares of ${split.ratios.join(', ')}`;
  if (cut === undefined) return few;
  const begins = `its ${cut.kept} sequences begin at only ${oneOrMany(cut.begins, 'one time', (n) => `${n} different times`)}`;
  if (cut.begins < TIMES) return begins;
  const lost = cut.kept - kept;
  if (lost === 0) return few;
  return cut.found.straddling === 'drop'
    ? `${lost} of ${cut.kept} sequences go on after the next part begins, and were dropped`
    : `${lost} of ${cut.kept} sequences have fewer than ${least} rows before the next part begins`;
}
