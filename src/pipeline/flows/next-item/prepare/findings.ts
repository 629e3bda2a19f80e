import type { DatasetSpec } from '../../../../protocol/dataset-spec.ts';
import type { HeldOut } from '../../../../protocol/held-out.ts';
import type { CodedGroups, CodedItems } from './code-items.ts';
import type { PartSizes } from './code-sequences.ts';
import type { RowView } from '../../../data/rows/row-view.ts';
import type { CatalogueCounts } from './write-catalogue.ts';
import type { SequenceLengths } from './write-sequences.ts';

/** What is known of the sequences when they are coded. */
export interface CodedSequences {
  readonly sizes: PartSizes;
  readonly lengths: SequenceLengths;
  readonly heldOut: HeldOut;
}

/** What is known when items, groups and sequences are coded, and rows are not yet in order. */
export interface Findings extends CodedSequences {
  readonly view: RowView;
  readonly spec: DatasetSpec;
  readonly items: Pick<CodedItems, 'count' | 'withRows'>;
  readonly catalogue: CatalogueCounts | undefined;
  readonly groups: CodedGroups | undefined;
}
