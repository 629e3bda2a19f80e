import { boolean, choice, integer, text, type ParameterSet } from '../../../protocol/parameters.ts';
import { RANK_METRICS } from '../../metrics/rank-metrics.ts';
import { MOST_VALIDATION_QUERIES } from './evaluate/held-out-queries.ts';
import type { ParameterGroup } from '../../flow/flow-definition.ts';
import type { ModelKind } from '../../kinds/model-kind.ts';
import { modelKinds } from '../../kinds/registry.ts';

/** Parameters of the flow itself; those of the model kinds stand beside them. */
export const ownParameters = {
  seed: integer({
    default: 42,
    min: 0,
    max: 2 ** 31 - 1,
    help: 'Seed of the sample, the split and training.',
  }),
  deterministic: boolean({
    default: false,
    help: 'One thread and plain SIMD: the same bytes on every run and machine.',
  }),
  models: text({
    default:
      'recency-encoder,prod2vec,sequential-item-knn,session-knn,n-gram,group-affinity,stack,popularity,group-popularity,markov',
    help: 'Model kinds to train and compare, separated by commas.',
  }),
  sets: text({
    default: '[{"min_count":3},{"min_count":5},{"min_count":10}]',
    help: 'Hyper-parameter sets of prod2vec as a JSON list of objects; each set is a branch of its own.',
  }),
  positions: text({
    default: 'every:5',
    pattern: '^(last|every:[1-9][0-9]*)$',
    help: 'Targets in each held-out sequence: last, or every:N (every Nth position and the last).',
  }),
  queriesPerSequence: integer({
    default: 100,
    min: 0,
    max: 2 ** 31 - 1,
    help: 'Queries of one held-out sequence, at most: the last and a seeded sample of the others, so that a very long sequence does not decide all figures; 0: all. A list of 500 items asked at every:5 has 100.',
  }),
  seen: choice({
    default: 'auto',
    choices: ['auto', 'kept', 'removed'],
    help: 'Whether items of the query stay in its ranking, in tuning and in the headline figures; auto: kept, or under leave-one-out removed.',
  }),
  validationQueries: integer({
    default: MOST_VALIDATION_QUERIES,
    min: 0,
    max: 2 ** 31 - 1,
    help: 'Validation queries to rank, at most: a seeded sample; 0: all. The test part is always ranked in full.',
  }),
  refit: choice({
    default: 'auto',
    choices: ['auto', 'never'],
    help: 'Whether models, their settings chosen, are trained again on the validation part too before they are tested and used; auto: where that part is newer than the training part, or the test part was given (a split by time or by a column).',
  }),
  selectBy: choice({
    default: 'auto',
    choices: ['auto', ...RANK_METRICS],
    help: 'Validation metric that chooses the best model; auto: hitRate@k, k being the largest of 10, 20, 50 and 100 that is at most 1 % of the catalogue (10 at least), or ndcg@10 under leave-one-out and in catalogues of fewer than 100 items.',
  }),
} satisfies ParameterSet;

/** Parameters of prod2vec keep gensim's names; those of other kinds carry a prefix. */
const PREFIX: Readonly<Record<string, string>> = {
  prod2vec: '',
  'sequential-item-knn': 'knn',
  'session-knn': 'session',
  'group-affinity': 'affinity',
  'recency-encoder': 'encoder',
};

function prefixed(prefix: string, name: string): string {
  return prefix === '' ? name : prefix + name.charAt(0).toUpperCase() + name.slice(1);
}

/** By model kind: its parameters' names in the flow, and in the kind. */
export function parameterNames(kind: {
  readonly name: string;
  readonly parameters: ParameterSet;
}): { flow: string; own: string }[] {
  const prefix =
    PREFIX[kind.name] ?? kind.name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.keys(kind.parameters).map((own) => ({ flow: prefixed(prefix, own), own }));
}

function parametersOfKinds(): ParameterSet {
  return Object.fromEntries(
    modelKinds.flatMap((kind) =>
      parameterNames(kind).flatMap(({ flow, own }) => {
        const parameter = kind.parameters[own];
        return parameter === undefined ? [] : [[flow, parameter]];
      }),
    ),
  );
}

/** Own parameters most people need; `sets` belongs to prod2vec, the others say how is measured. */
const MAIN = ['models', 'seed', 'deterministic'];
const OF_PROD2VEC = ['sets'];

function groupOf(kind: ModelKind): ParameterGroup {
  const own = parameterNames(kind).map(({ flow }) => flow);
  const prefix = PREFIX[kind.name] ?? '';
  return {
    name: prefix === '' ? kind.name : prefix,
    title: `Parameters of ${kind.title}`,
    parameters: kind.name === 'prod2vec' ? [...OF_PROD2VEC, ...own] : own,
  };
}

/** The parameters of the given kinds, and those of evaluation, in groups. */
export function groupsOf(kinds: readonly ModelKind[]): ParameterGroup[] {
  const apart = [...MAIN, ...OF_PROD2VEC];
  const evaluation = Object.keys(ownParameters).filter((name) => !apart.includes(name));
  return [
    { name: 'evaluation', title: 'Evaluation', parameters: evaluation },
    ...kinds.map(groupOf).filter(({ parameters }) => parameters.length > 0),
  ];
}

/** Every parameter of the flow, the source of the CLI's options. */
export const flowParameters: ParameterSet = { ...parametersOfKinds(), ...ownParameters };
