/** A kind of model that only the other flow has: recommends the items that stand last in the training sequences. */
import { integer } from '../../../src/protocol/parameters.ts';
import { readNpy, writeNpy } from '../../../src/pipeline/data/npy.ts';
import { trainingSequences } from '../../../src/pipeline/data/prepared-data.ts';
import { emptyCandidates } from '../../../src/pipeline/kinds/ranking/candidate-set.ts';
import type { ModelKind } from '../../../src/pipeline/kinds/model-kind.ts';

export const newestItems: ModelKind = {
  name: 'newest-items',
  title: 'Newest items',
  version: '1',
  description: 'Recommends the items that stood last.',
  parameters: { depth: integer({ default: 5, min: 1, max: 1000, help: 'How many items.' }) },
  queryStated: 'none',
  parallel: false,
  fits: () => true,
  async fit({ data, parameters, write }) {
    const { items } = trainingSequences(data);
    const newest = [...new Set(items.toReversed())].slice(0, Number(parameters['depth']));
    await write('newest', 'newest.npy', (file) => writeNpy(file, Int32Array.from(newest)));
    return { metrics: { items: newest.length } };
  },
  async open({ catalogue, locate }) {
    const { array: items } = await readNpy(locate('newest'), Int32Array);
    const count = catalogue.trainCounts.length;
    const scores = new Float64Array(count).fill(-Infinity);
    items.forEach((item, place) => (scores[item] = items.length - place));
    const none = emptyCandidates(count);
    return {
      shape: 'sparse',
      vocabulary: items.length,
      knows: () => true,
      recommends: (item) => items.includes(item),
      queryRules: ['none'],
      background: { items, scores },
      ownsBackground: true,
      candidates: () => none,
    };
  },
};
