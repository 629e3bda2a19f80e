import { describe, expect, test } from 'vitest';
import type { Estimate } from '../../../src/protocol/report.ts';
import { estimateOf } from '../../../src/pipeline/metrics/estimate.ts';
import { pairedTests } from '../../../src/pipeline/metrics/paired-test.ts';
import { verdictOf } from '../../../src/pipeline/flows/next-item/report/verdict.ts';
import { below, randomStream } from '../../../src/pipeline/seeded-random.ts';
import { clustered } from '../support/clustered.ts';

type Ranks = readonly (readonly number[])[];
const METRIC = 'hitRate@10';

/** Users with ten queries each, of which a model hits the first so many: more of them where it is better. */
function ranksOf(users: number, rate: number, seed: number): Ranks {
  const next = randomStream(seed);
  return Array.from({ length: users }, () => {
    const hits = Math.round(10 * rate) + below(3, next()) - 1;
    return Array.from({ length: 10 }, (_, q) => (q < hits ? 3 : 0));
  });
}

function judge(models: Readonly<Record<string, Ranks>>, best: string | undefined = Object.keys(models)[0]) {
  const ranked = Object.entries(models).map(([name, ranks]) => ({ name, ranks: clustered(ranks) }));
  const figures: Record<string, Estimate> = Object.fromEntries(
    ranked.map(({ name, ranks }) => [name, estimateOf(ranks, METRIC)]),
  );
  return verdictOf({ metric: METRIC, best, figures, tests: pairedTests(ranked, METRIC), unit: 'users' });
}

describe('the verdict of the test part', () => {
  test('says in one plain sentence who ties and who is far behind', () => {
    const {
      sentence,
      tied,
      below: behind,
    } = judge({
      blend: ranksOf(60, 0.6, 1),
      'session-knn': ranksOf(60, 0.6, 2),
      popularity: ranksOf(60, 0.2, 3),
    });
    expect(sentence).toBe('blend and session-knn tie; both are far above popularity.');
    expect([tied, behind]).toEqual([['session-knn'], ['popularity']]);
  });

  test('tells above from far above, and names popularity among many', () => {
    const others = Object.fromEntries(
      Array.from({ length: 5 }, (_, i) => [`m${i}`, ranksOf(60, 0.2, 10 + i)]),
    );
    const all = {
      best: ranksOf(60, 0.7, 1),
      good: ranksOf(60, 0.5, 2),
      popularity: ranksOf(60, 0.2, 3),
      ...others,
    };
    expect(judge(all).sentence).toBe('best is above good, and far above popularity and 5 others.');
  });

  test('says which models did better than the one that validation chose', () => {
    const { sentence, above } = judge({ chosen: ranksOf(60, 0.4, 1), other: ranksOf(60, 0.6, 2) });
    expect(sentence).toBe('other did better here than chosen, which validation chose.');
    expect(above).toEqual(['other']);
  });

  test('says that all tie where no difference is shown', () => {
    const all = { a: ranksOf(30, 0.5, 1), b: ranksOf(30, 0.5, 2), c: ranksOf(30, 0.5, 3) };
    expect(judge(all).sentence).toBe('a, b and c tie.');
  });

  test('calls no tie what differs by much and is not told apart', () => {
    const [best, other] = [ranksOf(8, 0.6, 1), ranksOf(8, 0.6, 2)];
    const uneven = other.map((user, u) => (u < 5 ? user.map(() => 0) : user.map(() => 3)));
    const { sentence, tied } = judge({ best, uneven });
    expect(sentence).toBe('the 8 users do not tell uneven from best.');
    expect(tied).toEqual(['uneven']);
  });

  test('says that a few users are too few, whatever the figures', () => {
    const two = (users: number) => judge({ good: ranksOf(users, 0.9, 1), bad: ranksOf(users, 0.1, 2) });
    expect(two(1).sentence).toBe('The test part has one of the users, too few to tell the two models apart.');
    expect(two(5)).toMatchObject({ tooFew: true, tied: [], below: [] });
    expect(two(5).sentence).toBe('The test part has 5 users, too few to tell the two models apart.');
    expect(two(6).sentence).toBe('good is far above bad.');
  });

  test('says so too where users are enough for two models, but not for all pairs of many', () => {
    const many = Object.fromEntries(
      Array.from({ length: 9 }, (_, i) => [`m${i}`, ranksOf(8, 1 - i / 10, i)]),
    );
    expect(judge(many).sentence).toBe('The test part has 8 users, too few to tell 9 models apart.');
  });

  test('chooses none on the test part where validation chose none, and says what stands there', () => {
    const models = { a: ranksOf(9, 0.5, 1), b: ranksOf(9, 0.9, 2) };
    const ranked = Object.entries(models).map(([name, ranks]) => ({ name, ranks: clustered(ranks) }));
    const figures = Object.fromEntries(ranked.map(({ name, ranks }) => [name, estimateOf(ranks, METRIC)]));
    const tests = pairedTests(ranked, METRIC);
    const verdict = verdictOf({ metric: METRIC, best: undefined, figures, tests, unit: 'users' });
    expect(verdict.best).toBeUndefined();
    expect(verdict.sentence).toMatch(
      /^Validation chose no model, since none hits any of its targets; on this part b has the highest hitRate@10, 0\.\d{4}\.$/,
    );
  });

  test('finds no best where nothing is hit, and is short of one model', () => {
    const none = Array.from({ length: 9 }, () => [0, 0]);
    expect(judge({ a: none, b: none })).toMatchObject({
      sentence: `Every model's hitRate@10 is 0 on the test part, so none is best.`,
    });
    expect(judge({ a: none, b: none }).best).toBeUndefined();
    expect(judge({ only: ranksOf(9, 0.5, 1) }).sentence).toBe('only is the only model.');
  });
});
