/** RetailRocket's click sessions by the split that papers share, against published tables, the mean of three seeds. */
import { measureQuality } from './quality.ts';
import type { BenchResult } from './result-row.ts';

const FOLDER = process.env['RECSYS_RETAILROCKET'] ?? '../shared/data/retailrocket';

export function run(): Promise<BenchResult> {
  return measureQuality(
    [
      {
        title: 'RetailRocket sessions',
        data: `${FOLDER}/*.txt`,
        options: [
          ...['--split', 'column', '--split-column', 'file', '--time', 'line', '--minimum-length', '2'],
          ...['--positions', 'last', '--select-by', 'mrr@20', '--models'],
          'recency-encoder,sequential-item-knn,session-knn,n-gram,stack',
        ],
        seeds: [1, 2, 3],
        models: ['stack', 'recency-encoder', 'sequential-item-knn', 'session-knn'],
        metrics: { names: ['hitRate@20', 'mrr@20'], heads: 'HR@20 / MRR@20' },
        published: [
          { name: 'GraphFine', values: [0.5885, 0.3117] },
          { name: 'RESTC', values: [0.5781, 0.3082] },
          { name: 'COTREC', values: [0.5617, 0.2997] },
        ],
        reach: [0.613, 0.33],
      },
    ],
    'Test cases as published, full ranking, seen items kept, pessimistic ties; the validation part is the last tenth of the training sessions, and what it chose is trained again with it.',
  );
}
