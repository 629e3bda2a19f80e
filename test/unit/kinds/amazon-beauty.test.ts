import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { buildQueries, queryItems } from '../../../src/pipeline/metrics/queries.ts';
import { meanMetric } from '../../../src/pipeline/metrics/rank-metrics.ts';
import { Recommender } from '../../../src/pipeline/kinds/ranking/recommender.ts';
import { sequentialItemKnn } from '../../../src/pipeline/kinds/sequential-item-knn/kind.ts';
import { rankQueries } from '../../../src/pipeline/flows/next-item/evaluate/rank-queries.ts';
import { fitted } from '../support/fitted.ts';
import { preparedFrom } from '../support/prepared-from.ts';

// Not shipped: research use only. `npm run bench -- quality` prints the whole table, tuning included.
const FILE = '../shared/data/amazon-beauty.txt';

test.skipIf(!existsSync(FILE))(
  `item-kNN reaches its figures on Amazon Beauty (skipped where ${FILE} is absent)`,
  async () => {
    const codes = new Map<string, number>();
    const lines = readFileSync(FILE, 'utf8').trim().split('\n');
    const sequences = lines.map((line) =>
      line
        .split(' ')
        .slice(1)
        .map((item) => {
          const code = codes.get(item) ?? codes.size;
          codes.set(item, code);
          return code;
        }),
    );
    const data = preparedFrom(sequences, { leaveOneOut: true });
    // What tuning on all validation queries chooses.
    const parameters = { tune: false, gamma: 0.15, weighting: 'geometric', fade: 0.5 };
    const { scorer, remove } = await fitted(sequentialItemKnn, data, { parameters });
    await remove();
    const recommender = new Recommender({ scorer, trainCounts: data.trainCounts, seed: 1 });
    const figures = async (part: 'validation' | 'test'): Promise<[number, number]> => {
      const queries = buildQueries(data, part, 'last');
      const { removed } = await rankQueries(recommender, queries, recommender.ownRule);
      expect(queryItems(queries, 0).length).toBeGreaterThan(0);
      return [meanMetric('hitRate@10', removed), meanMetric('ndcg@10', removed)];
    };
    const [validationHitRate, validationNdcg] = await figures('validation');
    const [hitRate, ndcg] = await figures('test');
    expect(validationHitRate).toBeGreaterThan(0.1065);
    expect(validationNdcg).toBeGreaterThan(0.0685);
    expect(hitRate).toBeGreaterThanOrEqual(0.0859);
    expect(ndcg).toBeGreaterThanOrEqual(0.0534);
  },
);
