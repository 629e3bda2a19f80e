import { describe, expect, it } from 'vitest';
import { encoderScorer } from '../../../src/pipeline/kinds/recency-encoder/scorer.ts';
import { Recommender } from '../../../src/pipeline/kinds/ranking/recommender.ts';

const DIMENSIONS = 4;
const row = (...values: number[]): number[] => [
  ...values,
  ...new Array<number>(DIMENSIONS - values.length).fill(0),
];

/** Items 2, 3, 5, 7 and, without training rows, 8; E is the same for all, so that only o can tell them apart. */
function recommender(): Recommender {
  const items = Int32Array.of(2, 3, 5, 7, 8);
  const outputs = Float32Array.from([row(1), row(0.8, 0.6), row(0, 1), row(-1), row(0.5)].flat());
  const scorer = encoderScorer(
    {
      ...{ dimensions: DIMENSIONS, heads: 1, items, trained: 4, recommended: items.length, outputs },
      vectors: Float32Array.from(Array.from(items, () => row(1)).flat()),
      lagWeights: new Float32Array(DIMENSIONS).fill(1),
    },
    // A bias that puts item 7 first after any query.
    { temperature: 1, bias: Float32Array.of(0, 0, 0, 9, 0), repeats: { newest: 0, second: 0, older: 0 } },
    10,
    true,
  );
  return new Recommender({ scorer, trainCounts: Uint32Array.of(0, 0, 4, 3, 0, 2, 0, 2, 0, 0), seed: 1 });
}

describe('similar items of an encoder', () => {
  it('are the nearest by output vectors, whatever the priors say', () => {
    const model = recommender();
    const { items, scores } = model.similar(2, 3);
    expect([...items]).toEqual([3, 8, 5]);
    [0.8, 0.5, 0].forEach((score, i) => expect(scores[i]).toBeCloseTo(score, 6));
    expect(model.recommend(Int32Array.of(2), { k: 1, seen: 'removed' }).items[0]).toBe(7);
  });

  it('count an unsure item less as a neighbour, but not as the query', () => {
    const { items, scores } = recommender().similar(8, 2);
    expect([...items]).toEqual([2, 3]);
    expect(scores[0]).toBeCloseTo(1, 6);
  });

  it('are all others at most, and none of an item without a vector', () => {
    const model = recommender();
    expect([...model.similar(5, 100).items].sort()).toEqual([2, 3, 7, 8]);
    expect(model.similar(4, 3).items).toHaveLength(0);
  });

  it('among some items are those that are left of all, with the same scores', () => {
    const model = recommender();
    const all = model.similar(2, 10);
    const allowed = new Uint8Array(10).fill(1);
    allowed[8] = 0;
    const some = model.similar(2, 2, allowed);
    const kept = [...all.items.keys()].filter((at) => all.items[at] !== 8).slice(0, 2);
    expect([...some.items]).toEqual(kept.map((at) => all.items[at]));
    expect([...some.scores]).toEqual(kept.map((at) => all.scores[at]));
    expect(model.similar(2, 3, new Uint8Array(10)).items).toHaveLength(0);
  });
});
