import { describe, expect, test } from 'vitest';
import { cosineScorer } from '../../../src/pipeline/kinds/prod2vec/scorer.ts';
import { sampleRanks } from '../../../src/pipeline/kinds/fitting/validation-sample.ts';
import { Recommender } from '../../../src/pipeline/kinds/ranking/recommender.ts';
import type { DenseScorer } from '../../../src/pipeline/kinds/ranking/scorer.ts';
import { below, randomStream } from '../../../src/pipeline/seeded-random.ts';

const [ITEMS, VECTORS, DIMENSION] = [700, 650, 6];
const next = randomStream(8);
const trainCounts = Uint32Array.from({ length: ITEMS }, (_, item) => ITEMS - item);

/** Few distinct values, so that there are ties; the last fifty items have no vector. */
function tied(): DenseScorer {
  const values = Float32Array.from({ length: VECTORS * DIMENSION }, () => below(3, next()) - 1);
  const items = Int32Array.from({ length: VECTORS }, (_, row) => VECTORS - 1 - row);
  return cosineScorer({ dimension: DIMENSION, items, values }, ITEMS, true);
}

/** Some queries are empty or of unknown items alone, some hold their target, some more items than a list has. */
function sampleOf(seenRemoved: boolean): Parameters<typeof sampleRanks>[1] {
  const queries = Array.from({ length: 1100 }, (_, q) =>
    q % 40 === 1
      ? Int32Array.of(ITEMS - 1 - (q % 30))
      : Int32Array.from({ length: q % 5 === 3 ? 150 : q % 9 }, () => below(ITEMS, next())),
  );
  const targets = Int32Array.from(queries, (query, q) =>
    q % 7 === 0 ? (query.at(-1) ?? 0) : below(ITEMS, next()),
  );
  return { queries, targets, cluster: Uint32Array.from(queries.keys()), seenRemoved };
}

/** Ranks of a sample by a model that finds its best items, and by the same one when it scores them all. */
async function ranksOf(
  sample: Parameters<typeof sampleRanks>[1],
  reach: number,
): Promise<readonly [found: Int32Array, scored: Int32Array]> {
  const pause = (): Promise<void> => Promise.resolve();
  const scores = { ...FINDS };
  Reflect.deleteProperty(scores, 'best');
  const ranked = (scorer: DenseScorer): Promise<Int32Array> =>
    sampleRanks(new Recommender({ scorer, trainCounts, seed: 4 }), sample, reach, pause);
  return [await ranked(FINDS), await ranked(scores)];
}

const FINDS = tied();

describe('ranks of targets', () => {
  test.each([
    ['kept', false],
    ['removed', true],
  ])('up to some reach are those of all scores, and misses beyond it (seen %s)', async (_, seenRemoved) => {
    const sample = sampleOf(seenRemoved);
    const [, all] = await ranksOf(sample, ITEMS);
    for (const reach of [1, 10, 100]) {
      const cut = all.map((rank) => (rank <= reach ? rank : 0));
      const [found, scored] = await ranksOf(sample, reach);
      expect(found).toEqual(cut);
      expect(scored).toEqual(cut);
      expect(cut.some((rank) => rank > 0) && all.some((rank) => rank > reach)).toBe(true);
    }
  });
});
