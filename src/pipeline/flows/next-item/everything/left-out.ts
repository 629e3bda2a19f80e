import type { DataProfile } from '../../../../protocol/profile.ts';
import type { RunManifest } from '../../../../protocol/run.ts';
import { formatPercent, oneOrMany } from '../../../../protocol/text/format.ts';

/** What of the data the run never had, and so no model of it: said where one is trained on "all" rows. */
export function leftOut({ spec }: Pick<RunManifest, 'spec'>, { heldOut }: DataProfile): string[] {
  const { rowsCut = 0, straddling = 'cut' } = heldOut?.boundaries ?? {};
  const cut = oneOrMany(
    rowsCut,
    `1 row that the split by ${spec.split.by} left out (--straddling ${straddling}) is not among them.`,
    (count) =>
      `${count} rows that the split by ${spec.split.by} left out (--straddling ${straddling}) are not among them.`,
  );
  const sampled = `The run is of a sample, ${formatPercent(spec.sample)} of the sequences, and so are they.`;
  return [...(rowsCut === 0 ? [] : [cut]), ...(spec.sample < 1 ? [sampled] : [])];
}
