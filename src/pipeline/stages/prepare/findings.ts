import type { DatasetSpec } from '../../../protocol/dataset-spec.ts';
import type { PartSizes } from './code-sequences.ts';
import type { RowView } from './row-view.ts';
import type { SequenceCounts, SequenceLengths } from './write-sequences.ts';

/** What the earlier parts of the step found. */
export interface Findings {
  readonly view: RowView;
  readonly spec: DatasetSpec;
  readonly sizes: PartSizes;
  readonly lengths: SequenceLengths;
  readonly counts: SequenceCounts;
  readonly itemCount: number;
  readonly groupCount: number;
}
