import { tieOrder } from '../../seeded-random.ts';
import type { ModelKind } from '../model-kind.ts';
import { popularityRanking } from '../ranking/static-ranking.ts';
import { emptyCandidates } from '../ranking/candidate-set.ts';

/** Baseline: the most frequent items of the training rows, the same for everyone. */
export const popularity: ModelKind = {
  name: 'popularity',
  title: 'Most popular',
  version: '1',
  description: 'Recommends the most frequent items of the training rows to everyone.',
  parameters: {},
  queryStated: 'none: every query gets the same list',
  parallel: false,
  fits: () => true,
  fit: () => Promise.resolve({ metrics: {} }),
  open({ catalogue: { trainCounts }, seed }) {
    const itemCount = trainCounts.length;
    const background = popularityRanking(trainCounts, tieOrder(itemCount, seed));
    const none = emptyCandidates(itemCount);
    return Promise.resolve({
      shape: 'sparse',
      vocabulary: background.items.length,
      knows: (item) => (trainCounts[item] ?? 0) > 0,
      recommends: (item) => (trainCounts[item] ?? 0) > 0,
      queryRules: ['none'],
      background,
      ownsBackground: true,
      candidates: () => none,
    });
  },
};
