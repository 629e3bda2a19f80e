import type { DataProfile } from '../../../../protocol/profile.ts';
import type { RunManifest } from '../../../../protocol/run.ts';

/** Of a given split, the share of training rows that may be as late as the first test row: of single sequences that go on. */
const MOST_LATER = 0.5;

/**
 * Whether the test part is newer than the training part, where sequences are in order of time. A split by time has it so;
 * a part that the data name may lie anywhere, and how many training rows are as late as its first tells where.
 */
export function testIsNewer({ spec }: Pick<RunManifest, 'spec'>, { heldOut }: DataProfile): boolean {
  const later = spec.split.by === 'column' ? heldOut?.laterRows : undefined;
  return later === undefined || later.rows <= MOST_LATER * later.of;
}
