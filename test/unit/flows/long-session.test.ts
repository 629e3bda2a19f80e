/** A session of hundreds of thousands of events, such as a robot's, among short ones. */
import { describe, expect, test } from 'vitest';
import { below, randomStream } from '../../../src/pipeline/seeded-random.ts';
import { preparedFrom } from '../support/prepared-from.ts';
import { StepHarness } from '../support/step-harness.ts';

const ITEMS = 3000;
const EVENTS = 300_000;
const next = randomStream(5);
const walk = (length: number): number[] => {
  let item = below(ITEMS, next());
  return Array.from({ length }, () => (item = (item + 1 + below(4, next())) % ITEMS));
};
const short = (count: number): number[][] => Array.from({ length: count }, () => walk(8));
const data = preparedFrom([...short(400), ...short(59), walk(EVENTS), ...short(99), walk(EVENTS)], {
  train: 400,
  validation: 60,
  itemCount: ITEMS,
  groups: Array.from({ length: ITEMS }, (_, item) => item % 100),
});

describe('a session of hundreds of thousands of events', () => {
  const models = [
    { name: 'popularity' },
    { name: 'markov' },
    { name: 'artist-popularity' },
    { name: 'sequential-item-knn' },
    { name: 'session-knn' },
    { name: 'group-affinity' },
    { name: 'prod2vec', parameters: { vectorSize: 8, epochs: 2, minCount: 1 } },
    { name: 'recency-encoder', parameters: { vectorSize: 8, heads: 1, epochs: 2, tuneMinutes: 0 } },
    { name: 'blend', parameters: { members: 'x,y' }, members: ['recency-encoder', 'sequential-item-knn'] },
  ];

  // What took minutes when every query cost its whole session: the time limit of a test is what judges.
  test('is tuned on and evaluated in seconds, as one sequence among many', async () => {
    const harness = await StepHarness.create({
      data,
      models,
      parameters: { positions: 'every:5', queriesPerSequence: 100 },
    });
    const report = await harness.run();
    expect(report.failedBranches).toEqual([]);
    // Of each short one the targets after 5 items and the last.
    expect(report.protocol).toMatchObject({
      queries: { validation: 59 * 2 + 100, test: 99 * 2 + 100 },
      queriesPerSequence: { most: 100, cut: { validation: 1, test: 1 } },
    });
    expect(report.warnings.filter((warning) => warning.startsWith('One '))).toHaveLength(2);
    await harness.remove();
  }, 120_000);
});
