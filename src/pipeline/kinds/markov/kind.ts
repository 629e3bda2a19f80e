import { trainingSequences, type Sequences } from '../../data/prepared-data.ts';
import { tieOrder } from '../../seeded-random.ts';
import type { FitContext, FitResult } from '../fitting/fit-context.ts';
import type { ModelKind } from '../model-kind.ts';
import { indexOccurrences } from '../fitting/occurrences.ts';
import { popularityRanking } from '../ranking/static-ranking.ts';
import { CandidateSet } from '../ranking/candidate-set.ts';
import { readSparse, SparseBuilder, writeSparse, type SparseMatrix } from '../fitting/sparse-matrix.ts';
import { markovMemory } from './memory.ts';

/** Counts of each item's next items; the item itself counts too. */
export function transitionCounts(sequences: Sequences, itemCount: number): SparseMatrix {
  const { items, ends, positions, offsets } = indexOccurrences(sequences, itemCount);
  const builder = new SparseBuilder(itemCount);
  for (let item = 0; item < itemCount; item++) {
    const followed = positions
      .subarray(offsets[item] ?? 0, offsets[item + 1] ?? 0)
      .filter((at) => at + 1 < (ends[at] ?? 0));
    const row = Int32Array.from(followed, (at) => items[at + 1] ?? 0).sort();
    for (let at = 0; at < row.length;) {
      let end = at + 1;
      while (end < row.length && row[end] === row[at]) end++;
      builder.push(row[at] ?? 0, end - at);
      at = end;
    }
    builder.endRow();
  }
  return builder.finish();
}

async function fit({ data, write }: FitContext): Promise<FitResult> {
  const matrix = transitionCounts(trainingSequences(data), data.trainCounts.length);
  await writeSparse(write, 'transitions', matrix);
  return { metrics: { transitions: matrix.targets.length } };
}

/**
 * Baseline: first-order Markov chain, P(next | last item) from transition counts with a Dirichlet prior of weight 1
 * towards popularity: (count + popularity share) / (row total + 1). So equal counts are told apart by popularity, and
 * items that never followed come after by popularity.
 */
export const markov: ModelKind = {
  name: 'markov',
  title: 'First-order Markov',
  version: '1',
  description:
    'Recommends what followed the last item most often; equal counts, and what never followed, by popularity.',
  parameters: {},
  queryStated: 'the last item',
  parallel: false,
  fits: () => true,
  memory: markovMemory,
  fit,
  async open({ catalogue: { trainCounts }, locate, seed }) {
    const itemCount = trainCounts.length;
    const { offsets, targets, values } = await readSparse(locate, 'transitions');
    const background = popularityRanking(trainCounts, tieOrder(itemCount, seed));
    const rows = trainCounts.reduce((sum, count) => sum + count, 0);
    const set = new CandidateSet(itemCount);
    return {
      shape: 'sparse',
      vocabulary: background.items.length,
      knows: (item) => (offsets[item + 1] ?? 0) > (offsets[item] ?? 0),
      recommends: (item) => (trainCounts[item] ?? 0) > 0,
      queryRules: ['last-item'],
      background,
      candidates(query) {
        const item = query.at(-1) ?? -1;
        const from = offsets[item] ?? 0;
        const to = offsets[item + 1] ?? 0;
        if (from >= to) return undefined;
        set.clear();
        for (let at = from; at < to; at++) {
          const target = targets[at] ?? 0;
          set.push(target, (values[at] ?? 0) + (trainCounts[target] ?? 0) / (rows + 1));
        }
        return set;
      },
    };
  },
};
