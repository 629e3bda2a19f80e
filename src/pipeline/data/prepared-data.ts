/**
 * What the prepare step leaves for all later ones, in open formats. Items are integer codes 0 … itemCount − 1 by
 * descending row count (ties by the item columns in turn); sequences lie one after the other, train first, then validation, then test
 * (by leave-one-out every sequence is in all three parts).
 */
import * as z from 'zod/mini';
import { DamagedFileError } from '../store/damaged-file.ts';
import { requireJson } from '../store/read-json.ts';
import { knownItems } from './known-items.ts';
import { readNpy } from './npy.ts';

/** Names of prepare's artifacts and their files. */
export const PREPARED = {
  /** Flat item codes of all sequences, int32. */
  sequenceItems: 'sequence-items.npy',
  /** Start of each sequence in `sequenceItems`, and the end of the last: uint32, sequences + 1. */
  sequenceOffsets: 'sequence-offsets.npy',
  /**
   * What was split, where that is not sequences but users: the user of each sequence, uint32. Intervals and tests
   * resample these.
   */
  sequenceClusters: 'sequence-clusters.npy',
  /** Columns: `sequence` (index), the sequence columns, `user` where the spec has one, `split`, `length`. */
  sequences: 'sequences.parquet',
  /** Columns: `item` (code), the item columns, `rows` (all rows), `train_rows`, `group_code`; see `ITEM_TABLE`. */
  items: 'items.parquet',
  /** Training rows of each item, uint32, itemCount. */
  trainCounts: 'train-counts.npy',
  /** Group (artist) code of each item, int32, −1 for none; only where the spec has a group column. */
  itemGroups: 'item-groups.npy',
  /** 1 for each item of the catalogue file, uint8, itemCount; only where the spec has one. */
  catalogue: 'catalogue.npy',
  /** `Layout`, below. */
  layout: 'layout.json',
  profile: 'profile.json',
} as const;
export type PreparedArtifact = keyof typeof PREPARED;

/**
 * Columns of the table of items that are not the data's own, which give way to them (`rows_value`). Earlier versions
 * wrote `name` too, the item columns joined by |||.
 */
export const ITEM_TABLE: readonly string[] = ['item', 'name', 'rows', 'train_rows', 'group_code'];

/** Columns of the table of sequences that are not the data's own, which give way to them likewise. */
export const SEQUENCE_TABLE: readonly string[] = ['sequence', 'user', 'split', 'length'];

export const Layout = z.object({
  itemCount: z.int(),
  groupCount: z.int(),
  leaveOneOut: z.boolean(),
  /** Whether sequences are in order of their time. */
  timeOrdered: z._default(z.boolean(), false),
  /** Of sequences in order of time: whether those of validation begin when all of train have begun. */
  validationNewer: z._default(z.boolean(), true),
  /** Sequences in each part; by leave-one-out all three are the number of sequences. */
  train: z.int(),
  validation: z.int(),
  test: z.int(),
  warnings: z.array(z.string()),
});
export type Layout = z.infer<typeof Layout>;

/** Sequences as one flat array: sequence i is items[offsets[i] … offsets[i + 1]). */
export interface Sequences {
  readonly items: Int32Array;
  /** Length: number of sequences + 1. The first need not be 0. */
  readonly offsets: Uint32Array;
}

export interface PreparedData {
  readonly layout: Layout;
  readonly sequences: Sequences;
  readonly trainCounts: Uint32Array;
  readonly itemGroups?: Int32Array;
  /** User of each sequence, where users were split; absent: each sequence is drawn by itself. */
  readonly sequenceClusters?: Uint32Array;
  /**
   * 1 for each item that may be recommended: those known at training time, which have training rows or stand in the
   * catalogue file. Others came to be known through held-out rows only.
   */
  readonly catalogue: Uint8Array;
}

/** Items that may be recommended. */
export function catalogueSize({ catalogue }: PreparedData): number {
  return catalogue.reduce((count, known) => count + known, 0);
}

/** Items that only held-out rows hold. */
export function unknownItems(data: PreparedData): number {
  return data.catalogue.length - catalogueSize(data);
}

export type SplitName = 'train' | 'validation' | 'test';

/** Reads prepared data given a function that tells where each artifact lies (undefined: it was not written). */
export async function openPrepared(
  locate: (artifact: PreparedArtifact) => string | undefined,
): Promise<PreparedData> {
  const must = (artifact: PreparedArtifact): string => {
    const file = locate(artifact);
    if (file === undefined) throw new Error(`prepare left no artifact '${artifact}'`);
    return file;
  };
  const layout = await requireJson(must('layout'), Layout);
  const [items, offsets, counts] = await Promise.all([
    readNpy(must('sequenceItems'), Int32Array),
    readNpy(must('sequenceOffsets'), Uint32Array),
    readNpy(must('trainCounts'), Uint32Array),
  ]);
  requireFit(must('layout'), layout, { items: items.array, offsets: offsets.array }, counts.array);
  const catalogueFile = locate('catalogue');
  const listed = catalogueFile === undefined ? undefined : (await readNpy(catalogueFile, Uint8Array)).array;
  const groupFile = locate('itemGroups');
  const groups = groupFile === undefined ? {} : { itemGroups: (await readNpy(groupFile, Int32Array)).array };
  const clusterFile = locate('sequenceClusters');
  const clusters =
    clusterFile === undefined ? {} : { sequenceClusters: (await readNpy(clusterFile, Uint32Array)).array };
  return {
    layout,
    sequences: { items: items.array, offsets: offsets.array },
    trainCounts: counts.array,
    catalogue: knownItems(counts.array, listed),
    ...groups,
    ...clusters,
  };
}

/** @throws DamagedFileError when the layout does not tell of these sequences and items */
function requireFit(
  file: string,
  { itemCount, leaveOneOut, train, validation, test }: Layout,
  { items, offsets }: Sequences,
  counts: Uint32Array,
): void {
  const sequences = offsets.length - 1;
  const told = leaveOneOut ? train : train + validation + test;
  if (sequences !== told || counts.length !== itemCount || offsets.at(-1) !== items.length)
    throw new DamagedFileError(
      file,
      `it tells of ${told} sequences of ${itemCount} items, and the arrays beside it are of ${sequences} sequences, ${items.length} rows and ${counts.length} items`,
    );
}

/**
 * The sequences a model may learn from: the train part, or by leave-one-out every sequence without its last two items
 * (compacted into new arrays).
 */
export function trainingSequences(data: PreparedData): Sequences {
  const { items, offsets } = data.sequences;
  if (!data.layout.leaveOneOut) return { items, offsets: offsets.subarray(0, data.layout.train + 1) };
  const count = offsets.length - 1;
  const shortened = new Uint32Array(count + 1);
  const kept = new Int32Array(Math.max(0, items.length - 2 * count));
  let at = 0;
  for (let s = 0; s < count; s++) {
    const part = items.subarray(offsets[s] ?? 0, (offsets[s + 1] ?? 0) - 2);
    kept.set(part, at);
    at += part.length;
    shortened[s + 1] = at;
  }
  return { items: kept, offsets: shortened };
}
