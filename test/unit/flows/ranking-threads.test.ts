/** Queries of a model that is made of others, ranked by several threads: the same bytes as by one. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rankQueries } from '../../../src/pipeline/flows/next-item/evaluate/rank-queries.ts';
import { RankingThreads } from '../../../src/pipeline/flows/next-item/evaluate/ranking-threads.ts';
import { buildQueries } from '../../../src/pipeline/metrics/queries.ts';
import { RecommendedItems } from '../../../src/pipeline/metrics/recommended-items.ts';
import { openModel, type OpenPackage } from '../../../src/pipeline/model/open-model.ts';
import { preparedFrom } from '../support/prepared-from.ts';
import { randomSequences } from '../support/random-sequences.ts';
import { StepHarness } from '../support/step-harness.ts';

const MEMBERS = ['session-knn', 'n-gram'];
const data = preparedFrom(randomSequences(500, 120, 4, 25), { train: 200, validation: 40 });
const { trainCounts, catalogue } = data;
const queries = buildQueries(data, 'test', 'every:1');

let harness: StepHarness;
let folder: string;
let model: OpenPackage;
beforeAll(async () => {
  const members = MEMBERS.map((name) => ({ name, parameters: {} }));
  harness = await StepHarness.create({
    data,
    models: [...members, { name: 'stack', parameters: {}, members: MEMBERS }],
    parameters: { positions: 'every:5' },
  });
  await harness.run();
  folder = harness.stepFolder('train/stack');
  model = await openModel(folder);
}, 60_000);
afterAll(() => harness.remove());

function threadsOf(packageFolder: string): RankingThreads {
  return new RankingThreads(2, { folder: packageFolder, allKnown: false, trainCounts, catalogue });
}

describe('ranking on three threads', () => {
  test.each(['kept', 'removed'] as const)('gives what one gives, with seen items %s', async (seen) => {
    expect(queries.targets.length).toBeGreaterThan(3 * 256);
    const threads = threadsOf(folder);
    try {
      const [alone, together] = [0, 1].map(() => new RecommendedItems(trainCounts, catalogue));
      if (alone === undefined || together === undefined) throw new Error('two were made');
      const { recommender } = model;
      const rule = recommender.ownRule;
      const asked: number[] = [];
      const pause = (done: number): Promise<void> => Promise.resolve(void asked.push(done));
      const expected = await rankQueries(recommender, queries, rule, { lists: { seen, into: alone } });
      const lists = { seen, into: together };
      const ranks = await rankQueries(recommender, queries, rule, { lists, threads, pause });
      expect(ranks).toEqual(expected);
      expect(together.coverage()).toEqual(alone.coverage());
      expect(together.meanPopularity()).toEqual(alone.meanPopularity());
      expect(asked.at(-1)).toBe(queries.targets.length);
      const subset = Uint32Array.from({ length: 300 }, (_, i) => 2 * i);
      expect(await rankQueries(recommender, queries, rule, { subset, threads })).toEqual(
        await rankQueries(recommender, queries, rule, { subset }),
      );
    } finally {
      await threads.dispose();
    }
  });

  test('ends when it is cancelled', async () => {
    const threads = threadsOf(folder);
    const { recommender } = model;
    const cancelled = rankQueries(recommender, queries, recommender.ownRule, {
      threads,
      pause: () => Promise.reject(new Error('cancelled')),
    });
    await expect(cancelled).rejects.toThrow('cancelled');
    await threads.dispose();
  });

  test('says so when a thread cannot open the model', async () => {
    const threads = threadsOf(harness.stepFolder('train/n-gram/none'));
    const { recommender } = model;
    const failed = rankQueries(recommender, queries, recommender.ownRule, { threads });
    await expect(failed).rejects.toThrow(/A thread that ranks queries failed: .*holds no model/);
    await threads.dispose();
  });
});
