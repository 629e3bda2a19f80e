import { setImmediate as nextTurn } from 'node:timers/promises';
import { UserError } from '../../../protocol/user-error.ts';
import type { Sequences } from '../../data/prepared-data.ts';
import { buildVocabulary, type Vocabulary } from '../fitting/vocabulary.ts';

/** Sequences as the kernel reads them: rows of the vocabulary, and the positions that are learnt. */
export interface TrainingSet {
  readonly vocabulary: Vocabulary;
  /** Row of each training row's item, sequences one after the other, dropped items left out. */
  readonly tokens: Int32Array;
  /** Where the sequence of each token begins. */
  readonly starts: Uint32Array;
  /** Indices of the tokens that are targets. */
  readonly positions: Uint32Array;
}

export interface TrainingSetOptions {
  /** Items with fewer training rows are left out. */
  readonly minCount: number;
  /** Whether targets that their history already holds are left out, as where seen items are removed from rankings. */
  readonly skipRepeats: boolean;
  /** Newest rows of each sequence that are targets; absent: all. */
  readonly newest?: number;
}

const TURN = 1 << 20;

/**
 * Codes sequences for the kernel; every item after the first of its sequence is a target, of long sequences the newest alone
 * where that is asked for.
 * @throws UserError when no item, a single item, or no position is left
 */
export async function buildTrainingSet(
  sequences: Sequences,
  itemCount: number,
  { minCount, skipRepeats, newest = Infinity }: TrainingSetOptions,
): Promise<TrainingSet> {
  const vocabulary = await buildVocabulary(sequences, itemCount, minCount);
  const tokens = new Int32Array(vocabulary.total);
  const starts = new Uint32Array(vocabulary.total);
  const positions = new Uint32Array(vocabulary.total);
  const lastSeen = new Int32Array(vocabulary.items.length).fill(-1);
  const { items, offsets } = sequences;
  let at = 0;
  let count = 0;
  for (let s = 0; s + 1 < offsets.length; s++) {
    const start = at;
    const end = offsets[s + 1] ?? 0;
    for (let i = offsets[s] ?? 0; i < end; i++) {
      const row = vocabulary.rowOf[items[i] ?? 0] ?? -1;
      if (row < 0) continue;
      const isLearnt = at > start && end - i <= newest;
      if (isLearnt && !(skipRepeats && lastSeen[row] === s)) positions[count++] = at;
      lastSeen[row] = s;
      starts[at] = start;
      tokens[at++] = row;
    }
    if (s % TURN === TURN - 1) await nextTurn();
  }
  if (count === 0) throw nothingToLearn(tokens.length, minCount, skipRepeats);
  return { vocabulary, tokens, starts, positions: positions.slice(0, count) };
}

function nothingToLearn(tokens: number, minCount: number, skipRepeats: boolean): UserError {
  if (skipRepeats && tokens > 1)
    return new UserError(
      'Every item of the training sequences repeats one before it or stands alone, so with seen items removed there is nothing to learn.',
      'Choose another split than leave-one-out, which keeps seen items, or check the item columns of the dataset spec.',
    );
  return new UserError(
    'No training sequence holds an item that follows another one, so there is nothing to learn.',
    minCount > 1
      ? `Lower --encoder-min-count (${minCount}).`
      : 'Check the sequence and item columns of the dataset spec.',
  );
}
