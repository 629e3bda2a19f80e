/** Amazon Beauty by leave-one-out against published tables, the mean of five seeds. */
import { measureQuality } from './quality.ts';
import type { BenchResult } from './result-row.ts';

const DATA = process.env['RECSYS_BEAUTY'] ?? '../shared/data/amazon-beauty.txt';

export function run(): Promise<BenchResult> {
  return measureQuality(
    [
      {
        title: 'Amazon Beauty',
        data: DATA,
        options: [
          ...['--split', 'leave-one-out', '--models'],
          'recency-encoder,sequential-item-knn,session-knn,n-gram,stack',
        ],
        seeds: [1, 2, 3, 4, 5],
        models: ['stack', 'recency-encoder', 'sequential-item-knn', 'session-knn'],
        metrics: { names: ['hitRate@10', 'ndcg@10'], heads: 'HR@10 / NDCG@10' },
        published: [
          { name: 'WEARec', values: [0.1041, 0.0614] },
          { name: 'BSARec', values: [0.1008, 0.0611] },
          { name: 'ICLRec', values: [0.0744, 0.0403] },
          { name: 'S3-Rec', values: [0.0647, 0.0327] },
          { name: 'SASRec', values: [0.0605, 0.0318] },
          { name: 'BERT4Rec', values: [0.0347, 0.017] },
          { name: 'Caser', values: [0.0347, 0.0176] },
          { name: 'GRU4Rec', values: [0.0283, 0.0137] },
          { name: 'PopRec', values: [0.0152, 0.0068] },
        ],
        reach: [0.109, 0.066],
      },
    ],
    'Leave-one-out, full ranking, items of the query removed, pessimistic ties, no model trained on validation items.',
  );
}
