/**
 * The stack: its gradient kernel against the same loops in TypeScript, and the time of one query, candidates and features of
 * all its members included, with 10 k and 100 k items.
 */
import { groupAffinity } from '../src/pipeline/kinds/group-affinity/kind.ts';
import type { ModelKind } from '../src/pipeline/kinds/model-kind.ts';
import { nGram } from '../src/pipeline/kinds/n-gram/kind.ts';
import type { Scorer } from '../src/pipeline/kinds/ranking/scorer.ts';
import { recencyEncoder } from '../src/pipeline/kinds/recency-encoder/kind.ts';
import { sequentialItemKnn } from '../src/pipeline/kinds/sequential-item-knn/kind.ts';
import { sessionKnn } from '../src/pipeline/kinds/session-knn/kind.ts';
import { stack } from '../src/pipeline/kinds/stack/kind.ts';
import { ListwiseGradient } from '../src/pipeline/kinds/stack/listwise-gradient.ts';
import { unitsOf } from '../src/pipeline/kinds/stack/spreads.ts';
import type { StackTable } from '../src/pipeline/kinds/stack/stack-table.ts';
import { below, randomStream } from '../src/pipeline/seeded-random.ts';
import { fitted, type Fitted } from '../test/unit/support/fitted.ts';
import { preparedFrom } from '../test/unit/support/prepared-from.ts';
import { PlainListwise } from './plain-listwise.ts';
import type { BenchResult, ResultRow } from './result-row.ts';

const ROUNDS = 5;
/** As a stack of five members has them. */
const [QUERIES, CANDIDATES, FEATURES, GATES] = [500, 300, 34, 9];
const [TOPIC, MEAN_LENGTH] = [100, 10];
const HELD_OUT = 2000;
const WARM = 200;
/** Items, and the milliseconds that one query may take. */
const SIZES: readonly (readonly [number, number])[] = [
  [10_000, 1],
  [100_000, 5],
];

const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);
const percentile = (values: readonly number[], share: number): number =>
  sorted(values)[Math.floor((values.length - 1) * share)] ?? NaN;

const uniformStream = (seed: number): (() => number) => {
  const next = randomStream(seed);
  return () => next() / 2 ** 32;
};

function randomTable(): StackTable {
  const uniform = uniformStream(1);
  return {
    width: FEATURES,
    gateCount: GATES,
    features: Float32Array.from({ length: QUERIES * CANDIDATES * FEATURES }, () => 4 * uniform() - 2),
    bounds: Uint32Array.from({ length: QUERIES + 1 }, (_, q) => q * CANDIDATES),
    gates: Float32Array.from({ length: QUERIES * GATES }, uniform),
    targets: Int32Array.from({ length: QUERIES }, (_, q) => q % CANDIDATES),
    cluster: Uint32Array.from({ length: QUERIES }, (_, q) => q),
  };
}

/** Microseconds a query. */
function timeOf(gradient: Pick<ListwiseGradient, 'add' | 'clear'>, weights: Float64Array): number {
  const started = performance.now();
  gradient.clear();
  for (let q = 0; q < QUERIES; q++) gradient.add(q, weights);
  return ((performance.now() - started) * 1000) / QUERIES;
}

function compareGradients(): ResultRow {
  const table = randomTable();
  const units = unitsOf(table);
  const uniform = uniformStream(2);
  const weights = Float64Array.from({ length: FEATURES * (GATES + 1) }, () => uniform() - 0.5);
  const kernel = new ListwiseGradient(table, units);
  const plain = new PlainListwise(table, units);
  const rounds = Array.from({ length: ROUNDS + 1 }, () => ({
    plain: timeOf(plain, weights),
    kernel: timeOf(kernel, weights),
  })).slice(1);
  const off = kernel.sum.findIndex((own, w) => !(Math.abs(own - (plain.sum[w] ?? NaN)) < 1e-9));
  if (off >= 0) throw new Error(`the kernel's gradient of weight ${off} is not that of the plain loops`);
  const [ours, reference] = [
    percentile(
      rounds.map((round) => round.kernel),
      0.5,
    ),
    percentile(
      rounds.map((round) => round.plain),
      0.5,
    ),
  ];
  return {
    what: `listwise gradient of a query, ${CANDIDATES} candidates × ${FEATURES} features, all gates`,
    ours: `${ours.toFixed(1)} µs`,
    reference: `TypeScript ${reference.toFixed(1)} µs`,
    ratio: reference / ours,
    target: 3,
    note: 'equal to 1e-9',
  };
}

/** Sequences that mostly stay within a topic, whose items are as skewed as squares of uniform numbers. */
function topicSequences(itemCount: number): number[][] {
  const next = randomStream(3);
  const uniform = uniformStream(4);
  const topics = itemCount / TOPIC;
  const itemOf = (topic: number): number => topic * TOPIC + Math.floor(TOPIC * uniform() ** 2);
  return Array.from({ length: itemCount + HELD_OUT }, () => {
    const topic = below(topics, next());
    return Array.from({ length: 2 + below(2 * MEAN_LENGTH - 3, next()) }, () =>
      itemOf(uniform() < 0.8 ? topic : below(topics, next())),
    );
  });
}

const MEMBERS: readonly [ModelKind, Record<string, number | boolean>][] = [
  [recencyEncoder, { epochs: 1, tune: false }],
  [sequentialItemKnn, { tune: false }],
  [sessionKnn, { tune: false }],
  [nGram, {}],
  [groupAffinity, { tune: false }],
];

/** Milliseconds of each query of a fitted stack. */
function singles(scorer: Scorer, queries: readonly number[][]): number[] {
  if (scorer.shape !== 'sparse') throw new Error('a stack scores candidates');
  const times = queries.map((query) => {
    const started = performance.now();
    scorer.candidates(Int32Array.from(query), 'decayed-list');
    return performance.now() - started;
  });
  return times.slice(WARM);
}

async function timeSingles(itemCount: number, reach: number): Promise<ResultRow> {
  const sequences = topicSequences(itemCount);
  const groups = Array.from({ length: itemCount }, (_, item) => Math.floor(item / TOPIC));
  const data = preparedFrom(sequences, { train: itemCount, validation: HELD_OUT, groups, itemCount });
  const models: Fitted[] = [];
  try {
    for (const [kind, parameters] of MEMBERS) {
      console.log(`${itemCount / 1000} k items: training ${kind.name} …`);
      models.push(await fitted(kind, data, { parameters, deterministic: false, threads: 2 }));
    }
    const members = models.map(({ member }) => member);
    models.push(
      await fitted(stack, data, {
        members,
        parameters: { queries: 1000 },
        positions: 'last',
        deterministic: false,
      }),
    );
    const scorer = models.at(-1)?.scorer;
    if (scorer === undefined) throw new Error('there is no stack');
    const queries = sequences.slice(itemCount).map((sequence) => sequence.slice(0, -1));
    const times = singles(scorer, queries);
    const [p50, p95] = [percentile(times, 0.5), percentile(times, 0.95)];
    const encoder = models[0]?.scorer.vectors?.dimension;
    return {
      what: `one query of a stack of five, ${itemCount / 1000} k items (reach: p50 ≤ ${reach} ms)`,
      ours: `p50 ${p50.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms`,
      reference: `${reach} ms`,
      ratio: reach / p50,
      target: 1,
      note: `the encoder has ${encoder} dimensions`,
    };
  } finally {
    for (const { remove } of models) await remove();
  }
}

export async function run(): Promise<BenchResult> {
  const rows = [compareGradients()];
  for (const [items, reach] of SIZES) rows.push(await timeSingles(items, reach));
  for (const { what, ours, reference, ratio } of rows)
    console.log(`${what}: ${ours}; ${reference}: ${ratio.toFixed(2)} ×`);
  return {
    about: `Gradient: median of ${ROUNDS} rounds in turn. Queries: ${HELD_OUT - WARM} of sequences by topic, of ${MEAN_LENGTH} items on average, in the process, after ${WARM} to warm up; members as \`recsys run\` has them, untuned, the encoder of one epoch.`,
    rows,
  };
}
