/** Options of a whole job that takes a second or two: one prod2vec set and popularity. */
export const SMALL_JOB = [
  ...[
    '--models',
    'prod2vec,popularity',
    '--sets',
    '[{"min_count":1}]',
    '--vector-size',
    '8',
    '--epochs',
    '2',
  ],
  ...['--seed', '1'],
];

/** The steps of that job. */
export const SMALL_STEPS = [
  ...['prepare', 'train/prod2vec-min-count-1', 'train/popularity'],
  ...['evaluate/prod2vec-min-count-1', 'evaluate/popularity', 'report'],
];
