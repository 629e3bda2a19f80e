/** The sample split by playlist and by user, with and without a catalogue, beside the tutorial's model. */
import { measureQuality, type QualityTask } from './quality.ts';
import type { BenchResult } from './result-row.ts';

const SAMPLE = 'samples/playlists.parquet';
/** Of the split by playlist, and those of the split by user: 26 users are its test part, so that one split says little. */
const SEED = 42;
const USER_SEEDS = (process.env['RECSYS_BENCH_USER_SEEDS'] ?? '42,1,2').split(',').map(Number);

/** The tutorial's model, as it is headlined, is the last: CBOW, the last item. */
const MODELS = ['stack', 'recency-encoder', 'session-knn', 'group-affinity', 'prod2vec-min-count-3'] as const;
const COMMON: Pick<QualityTask, 'data' | 'models' | 'metrics' | 'published'> = {
  data: SAMPLE,
  models: [...MODELS],
  metrics: { names: ['hitRate@10', 'hitRate@100'], heads: 'HR@10 / HR@100' },
  published: [],
};

function optionsFor(split: string, more: readonly string[] = []): string[] {
  return [
    ...['--split', split, '--sets', '[{"min_count":3}]', ...more, '--models'],
    'recency-encoder,sequential-item-knn,session-knn,n-gram,group-affinity,stack,prod2vec',
  ];
}

export function run(): Promise<BenchResult> {
  return measureQuality(
    [
      {
        ...COMMON,
        title: 'the sample by playlist, items known at training',
        options: optionsFor('sequence'),
        seeds: [SEED],
        reach: [0.232, 0.624],
      },
      {
        ...COMMON,
        title: 'the sample by user, a catalogue of all items',
        options: optionsFor('user', ['--catalogue', SAMPLE]),
        seeds: USER_SEEDS,
        reach: [0.04, 0.158],
      },
      {
        ...COMMON,
        title: 'the sample by user, items known at training',
        options: optionsFor('user'),
        seeds: USER_SEEDS,
        reach: [0.025, 0.12],
      },
    ],
    `Every fifth position and the last of each test playlist, seen items kept, targets outside of what may be recommended are misses; by playlist seed ${SEED}, by user the mean of seeds ${USER_SEEDS.join(', ')}, which are other splits.`,
  );
}
