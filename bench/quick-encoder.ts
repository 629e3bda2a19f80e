/** A run of the sample with an encoder of one epoch, whose vectors a Python peer scores by too. */
import path from 'node:path';

/** By playlist, most items are in the training part. */
const QUICK = [
  ...['--split', 'sequence', '--encoder-epochs', '1', '--encoder-vector-size', '64', '--encoder-heads', '1'],
  ...['--encoder-tune-minutes', '0'],
];

export interface QuickRun {
  readonly data: string;
  /** Kinds to train, the encoder among them. */
  readonly models: readonly string[];
  readonly folder: string;
}

/** @param cli runs the command line and waits for it @returns the store, and the vectors as .npy with their names beside them */
export function trainQuickly(
  cli: (args: readonly string[]) => unknown,
  { data, models, folder }: QuickRun,
): { readonly store: string; readonly vectors: string } {
  const store = path.join(folder, '.recsys');
  const vectors = path.join(folder, 'vectors.npy');
  cli(['run', data, '--store', store, '--models', models.join(','), ...QUICK]);
  cli([
    ...['export', 'latest', '--store', store, '--model', 'recency-encoder', '--format', 'npy'],
    ...['-o', vectors],
  ]);
  return { store, vectors };
}
