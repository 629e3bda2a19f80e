import { describe, expect, test } from 'vitest';
import { defaultsOf } from '../../../src/protocol/parameters.ts';
import { indexOccurrences } from '../../../src/pipeline/kinds/fitting/occurrences.ts';
import { nGram } from '../../../src/pipeline/kinds/n-gram/kind.ts';
import { NextCounter } from '../../../src/pipeline/kinds/n-gram/next-counts.ts';
import { nGramParameters, type NGramParameters } from '../../../src/pipeline/kinds/n-gram/parameters.ts';
import { nGramScorer } from '../../../src/pipeline/kinds/n-gram/scorer.ts';
import type { SparseScorer } from '../../../src/pipeline/kinds/ranking/scorer.ts';
import { below, randomStream } from '../../../src/pipeline/seeded-random.ts';
import { fitted } from '../support/fitted.ts';
import { preparedFrom } from '../support/prepared-from.ts';
import { randomSequences } from '../support/random-sequences.ts';
import { expectFormula, scoresOf, type Scores } from '../support/sparse-scores.ts';

const ITEMS = 14;
const training = randomSequences(60, ITEMS - 2, 5, 24);
const defaults: NGramParameters = defaultsOf(nGramParameters);

interface Counted {
  weighted: number;
  readonly orders: [number, number, number];
}

/** The formula as it is written, over all places. */
function naiveCounts(
  query: readonly number[],
  p: NGramParameters,
  sequences = training,
): Map<number, Counted> {
  const newest = query.at(-1);
  const before = query.slice(0, -1).slice(-100).reverse();
  const places = sequences.flatMap((sequence) =>
    sequence.flatMap((item, at) => (item === newest ? [{ sequence, at }] : [])),
  );
  const counts = new Map<number, Counted>();
  for (const { sequence, at } of places.slice(-p.places)) {
    const next = sequence[at + 1];
    if (next === undefined) continue;
    const seen = new Set(sequence.slice(Math.max(0, at - p.reach), at));
    const near = [...seen].reduce(
      (sum, item) => sum + (before.includes(item) ? 1 / (before.indexOf(item) + 1) : 0),
      0,
    );
    const matches = (order: number): boolean =>
      Array.from({ length: order }, (_, k) => k + 1).every(
        (k) => sequence[at - k] !== undefined && sequence[at - k] === query.at(-1 - k),
      );
    const counted = counts.get(next) ?? { weighted: 0, orders: [0, 0, 0] };
    counted.weighted += 1 + p.context * near;
    for (const order of [0, 1, 2] as const) counted.orders[order] += matches(order) ? 1 : 0;
    counts.set(next, counted);
  }
  return counts;
}

const weightedOf = (counts: ReadonlyMap<number, Counted>): Scores =>
  new Map([...counts].map(([item, { weighted }]) => [item, weighted]));

function sumOf(counts: ReadonlyMap<number, Counted>, of: (counted: Counted) => number): number {
  return [...counts.values()].reduce((sum, counted) => sum + of(counted), 0);
}

/** Lists that often follow training sequences, so that orders match, and hold items again, or ones nobody knows. */
function randomQueries(count: number, seed: number): number[][] {
  const next = randomStream(seed);
  return Array.from({ length: count }, (_, q) => {
    const sequence = training[below(training.length, next())] ?? [];
    const part = sequence.slice(0, 1 + below(sequence.length, next()));
    if (q % 3 === 0) part.splice(below(part.length, next()), 0, below(ITEMS, next()));
    return q % 7 === 0 ? [...part, part[0] ?? 0] : part;
  });
}

function scorerOf(parameters: Partial<NGramParameters> = {}, sequences = training): SparseScorer {
  const flat = preparedFrom(sequences, { itemCount: ITEMS }).sequences;
  return nGramScorer(indexOccurrences(flat, ITEMS), { ...defaults, ...parameters });
}

const queries = [...randomQueries(150, 2), [], [ITEMS - 1], [0, ITEMS - 1], [-1], [-1, 3], [3, -1, 3]];

describe('the counts of the n-gram kernel', () => {
  test.each<Partial<NGramParameters>>([
    {},
    { places: 7 },
    { places: 1 },
    { reach: 2 },
    { reach: 0 },
    { context: 0 },
    { context: 0.5, reach: 1000 },
  ])('are those of the formula: %j', (parameters) => {
    const p = { ...defaults, ...parameters };
    const counter = new NextCounter(
      indexOccurrences(preparedFrom(training, { itemCount: ITEMS }).sequences, ITEMS),
      p,
    );
    for (const query of queries) {
      const expected = naiveCounts(query, p);
      const { set, orders, totals } = counter.count(Int32Array.from(query));
      expect([...set.items.subarray(0, set.count)].sort()).toEqual([...expected.keys()].sort());
      for (const [item, counted] of expected) {
        const slot = set.slotOf[item] ?? -1;
        expect(set.scores[slot]).toBeCloseTo(counted.weighted, 9);
        expect(orders.map((order) => order[slot])).toEqual(counted.orders);
      }
      expect(totals.weighted).toBeCloseTo(
        sumOf(expected, ({ weighted }) => weighted),
        8,
      );
      expect(totals.orders).toEqual(
        [0, 1, 2].map((order) => sumOf(expected, (one) => one.orders[order] ?? 0)),
      );
    }
  });

  test('reach all three orders in these data', () => {
    const sums = [0, 1, 2].map((order) =>
      queries.reduce(
        (sum, query) => sum + sumOf(naiveCounts(query, defaults), (one) => one.orders[order] ?? 0),
        0,
      ),
    );
    for (const sum of sums) expect(sum).toBeGreaterThan(200);
  });

  test('do not cross the borders of sequences', () => {
    const sequences = [
      [0, 1],
      [2, 1, 3],
      [1, 4],
    ];
    const scores = scoresOf(scorerOf({}, sequences), [2, 1], 'decayed-list');
    // The place that ends its sequence has no next item; the first of the last sequence has nothing before it.
    expect(scores).toEqual(
      new Map([
        [3, 1 + 3],
        [4, 1],
      ]),
    );
  });

  test('look at the latest places where there are more', () => {
    const sequences = [
      [0, 1],
      [0, 2],
      [0, 3],
    ];
    expect([...scoresOf(scorerOf({ places: 2 }, sequences), [0], 'decayed-list').keys()].sort()).toEqual([
      2, 3,
    ]);
  });

  test('weigh a place once for an item that stands before it twice, by its newest place in the query', () => {
    const scores = scoresOf(scorerOf({ context: 3 }, [[5, 6, 5, 0, 1]]), [5, 6, 5, 7, 0], 'decayed-list');
    // 5 is two before the newest, 6 three.
    expect(scores.get(1)).toBeCloseTo(1 + 3 * (1 / 2 + 1 / 3), 12);
  });

  test('count the newest item as context where the query held it before', () => {
    const scores = scoresOf(scorerOf({ context: 3 }, [[0, 0, 1]]), [0, 0], 'decayed-list');
    expect(scores).toEqual(
      new Map([
        [0, 1],
        [1, 1 + 3],
      ]),
    );
  });

  test('look at a hundred items before the newest', () => {
    const filler = Array.from({ length: 99 }, () => 7);
    const scorer = scorerOf({ context: 3 }, [[5, 0, 1]]);
    expect(scoresOf(scorer, [5, ...filler, 0], 'decayed-list').get(1)).toBeCloseTo(1 + 3 / 100, 12);
    expect(scoresOf(scorer, [5, 7, ...filler, 0], 'decayed-list').get(1)).toBe(1);
  });
});

describe('the scorer of the n-gram kernel', () => {
  test('scores by the weighted counts, of the last item alone where the rule says so', () => {
    expectFormula(
      scorerOf(),
      queries,
      (query, rule) => weightedOf(naiveCounts(rule === 'last-item' ? query.slice(-1) : query, defaults)),
      9,
    );
  });

  test('knows nothing where the newest item has nothing after it, or the query is empty', () => {
    const scorer = scorerOf();
    for (const query of [[], [ITEMS - 1], [0, ITEMS - 1], [0, -1]])
      expect(scorer.candidates(Int32Array.from(query), 'decayed-list')).toBeUndefined();
  });

  test('knows what has a next item, and recommends what is one', () => {
    const sequences = [
      [0, 1, 2],
      [3, 1],
    ];
    const scorer = scorerOf({}, sequences);
    const all = Array.from({ length: ITEMS }, (_, item) => item);
    expect(all.filter((item) => scorer.knows(item))).toEqual([0, 1, 3]);
    expect(all.filter((item) => scorer.recommends(item))).toEqual([1, 2]);
    expect(scorer.vocabulary).toBe(2);
  });

  test('gives signals by the formulas, zeros for what is no candidate', () => {
    const { signals } = scorerOf();
    if (signals === undefined) throw new Error('no signals');
    const items = Int32Array.from({ length: ITEMS + 1 }, (_, i) => i - 1);
    const width = signals.names.length;
    const gates = new Float32Array(signals.gates.length);
    for (const query of queries) {
      const counts = naiveCounts(query, defaults);
      const total = (order: number): number => sumOf(counts, (one) => one.orders[order] ?? 0);
      const out = new Float32Array(items.length * width).fill(NaN);
      signals.of(Int32Array.from(query), items, out, gates);
      items.forEach((item, i) => {
        const { weighted, orders } = counts.get(item) ?? { weighted: 0, orders: [0, 0, 0] };
        [
          Math.log(1 + (1000 * weighted) / (sumOf(counts, (one) => one.weighted) + 1)),
          Math.log(1 + (1000 * orders[0]) / (total(0) + 1)),
          Math.log(1 + (30 * orders[1]) / (total(1) + 1)),
          Math.log(1 + (30 * orders[2]) / (total(2) + 1)),
          Math.log(1 + orders[0]),
        ].forEach((value, at) => expect(out[i * width + at]).toBeCloseTo(value, 5));
      });
      expect(gates[0]).toBeCloseTo(Math.log(1 + total(1)), 5);
    }
  });

  test.each([1, 3, 2000])(
    'gives a query the same bits whatever was asked before it, and however often (%i places)',
    (places) => {
      const scorer = scorerOf({ places });
      const asked = (query: readonly number[]): Scores => scoresOf(scorer, query, 'decayed-list');
      const forth = queries.map(asked);
      const back = queries.toReversed().map(asked).toReversed();
      const twice = queries.map((query) => [asked(query), asked(query)]);
      expect(back).toEqual(forth);
      expect(twice).toEqual(forth.map((scores) => [scores, scores]));
    },
  );
});

describe('the kind', () => {
  test.each([false, true])('keeps training rows alone (leave-one-out: %s)', async (leaveOneOut) => {
    const data = preparedFrom([...training, [0, 9, 0, 9], [1, 9, 1, 9]], {
      ...{ leaveOneOut, itemCount: ITEMS },
      ...{ train: training.length, validation: 1 },
    });
    const parts = leaveOneOut
      ? [...training, [0, 9, 0, 9], [1, 9, 1, 9]].map((sequence) => sequence.slice(0, -2))
      : training;
    const { scorer, result, remove } = await fitted(nGram, data, { parameters: { reach: 4 } });
    await remove();
    expect(result.metrics).toEqual({ places: parts.flat().length });
    expect(result.parameters).toEqual({ ...defaults, reach: 4 });
    const p = { ...defaults, reach: 4 };
    expectFormula(
      scorer,
      queries,
      (query, rule) => weightedOf(naiveCounts(rule === 'last-item' ? query.slice(-1) : query, p, parts)),
      9,
    );
  });
});
