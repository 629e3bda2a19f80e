import { describe, expect, test } from 'vitest';
import { log } from '../../../src/pipeline/deterministic-math.ts';
import { meanMetric } from '../../../src/pipeline/metrics/rank-metrics.ts';
import { measureBlends } from '../../../src/pipeline/kinds/blend/measure-blend.ts';
import { blendItems, blendScorer } from '../../../src/pipeline/kinds/blend/scorer.ts';
import {
  blendBias,
  type BlendSearch,
  type BlendWeights,
} from '../../../src/pipeline/kinds/blend/weighting.ts';
import type { DenseScorer, Scorer, SparseScorer } from '../../../src/pipeline/kinds/ranking/scorer.ts';
import { Recommender } from '../../../src/pipeline/kinds/ranking/recommender.ts';
import { CandidateSet } from '../../../src/pipeline/kinds/ranking/candidate-set.ts';
import { sampleRanks } from '../../../src/pipeline/kinds/fitting/validation-sample.ts';
import { below, randomStream } from '../../../src/pipeline/seeded-random.ts';

const ITEMS = 400;
const rule = ['decayed-list'] as const;

/** A score that looks random, with ties. */
function scoreOf(seed: number, query: Int32Array, item: number): number {
  const next = randomStream(seed + 31 * (query.at(-1) ?? 0) + 7919 * item);
  return (below(60, next()) - 20) / 7;
}

/** Knows the given items; the newest item of the query is not to be recommended. */
function dense(seed: number, items: readonly number[]): DenseScorer {
  const known = new Set(items);
  const knows = (item: number): boolean => known.has(item);
  return {
    shape: 'dense',
    items: Int32Array.from(items),
    vocabulary: items.length,
    knows,
    recommends: knows,
    queryRules: rule,
    score(queries, _rule, out) {
      queries.forEach((query, q) =>
        items.forEach((item, i) => {
          out[q * items.length + i] = item === query.at(-1) ? -Infinity : scoreOf(seed, query, item);
        }),
      );
      return Uint8Array.from(queries, (query) => (query.some(knows) ? 1 : 0));
    },
  };
}

/** Scores a few items of each query; knows nothing of those that end on a multiple of three. */
function sparse(seed: number): SparseScorer {
  const set = new CandidateSet(ITEMS);
  return {
    shape: 'sparse',
    vocabulary: ITEMS / 2,
    knows: (item) => item % 3 !== 0,
    recommends: (item) => item % 2 === 0,
    queryRules: rule,
    candidates(query) {
      if ((query.at(-1) ?? 0) % 3 === 0) return undefined;
      set.clear();
      for (let item = 0; item < ITEMS; item += 2)
        if (scoreOf(seed, query, item) > 3) set.push(item, scoreOf(seed, query, item));
      return set;
    },
  };
}

const codes = Array.from({ length: ITEMS }, (_, item) => item);
const anchor = dense(
  1,
  codes.filter((item) => item % 5 !== 0).sort((a, b) => ((a * 7) % ITEMS) - ((b * 7) % ITEMS) || a - b),
);
const other = dense(
  2,
  codes.filter((item) => item % 4 !== 3 && item < 300),
);
const members: readonly Scorer[] = [anchor, other, sparse(3)];
const next = randomStream(9);
const queries = Array.from({ length: 70 }, (_, q) =>
  q % 10 === 0 ? Int32Array.of(5 * (q % 3)) : Int32Array.from({ length: 3 }, () => below(ITEMS, next())),
);

/** The definition: one sum after the other, each rounded to float32. */
function naiveScores(weights: readonly number[], items: Int32Array, bias: Float32Array, query: Int32Array) {
  const row = new Map([...items].map((item, column) => [item, bias[column] ?? 0]));
  let answered = false;
  const add = (item: number, value: number): void =>
    void row.set(item, Math.fround((row.get(item) ?? 0) + value));
  members.forEach((member, m) => {
    const weight = weights[m] ?? 0;
    if (weight === 0) return;
    if (member.shape === 'sparse') {
      const found = member.candidates(query, 'decayed-list');
      if (found === undefined) return;
      answered = true;
      const scores = [...found.scores.subarray(0, found.count)];
      const sum = scores.reduce((total, score) => total + Math.max(0, score), 0);
      scores.forEach((score, i) =>
        add(found.items[i] ?? 0, weight * log(1 + 1000 * (Math.max(0, score) / sum))),
      );
      return;
    }
    const out = new Float32Array(member.vocabulary);
    if (member.score([query], 'decayed-list', out)[0] === 0) return;
    answered = true;
    const least = Math.min(...out.filter((value) => value > -Infinity));
    for (const item of items) if (!member.recommends(item)) add(item, weight * least);
    out.forEach((score, i) => add(member.items[i] ?? 0, weight * score));
  });
  return { row, answered };
}

describe('scores of a blend', () => {
  test('have the bits of the definition, whichever items the members have and in whatever order', () => {
    const own = blendItems(members, ITEMS);
    expect([...own.subarray(0, anchor.vocabulary)]).toEqual([...anchor.items]);
    expect([...own].sort((a, b) => a - b)).toEqual(
      codes.filter((item) => members.some((scorer) => scorer.recommends(item))),
    );
    for (const items of [own, own.slice().sort()]) {
      const bias = Float32Array.from(items, (item) => (item % 11) / 7);
      for (const weights of [
        [1, 0.35, 2],
        [1, 0, -0.5],
        [0, 1, 0],
        [0, 0, 1.4],
      ]) {
        const parts = members.map((scorer, m) => ({ name: `m${m}`, scorer, weight: weights[m] ?? 0 }));
        const out = new Float32Array(queries.length * items.length);
        const answered = blendScorer(parts, items, bias, ITEMS).score(queries, 'decayed-list', out);
        queries.forEach((query, q) => {
          const expected = naiveScores(weights, items, bias, query);
          expect(answered[q]).toBe(expected.answered ? 1 : 0);
          if (expected.answered)
            expect([...out.subarray(q * items.length, (q + 1) * items.length)]).toEqual(
              [...items].map((item) => expected.row.get(item)),
            );
        });
      }
    }
  });

  test.each([false, true])('all weights are measured as each by itself (seen removed: %s)', async (seen) => {
    const items = blendItems(members, ITEMS);
    const trainCounts = Uint32Array.from(codes, (item) => item % 13);
    const search: BlendSearch = {
      scorers: members,
      items,
      prior: Float32Array.from(items, (item) => (item % 17) / 9),
      cold: Float32Array.from(items, (item) => (item % 13 === 0 ? 1 : 0)),
      sample: {
        queries,
        targets: Int32Array.from(queries, () => below(ITEMS, next())),
        cluster: Uint32Array.from(queries.keys()),
        seenRemoved: seen,
      },
      metric: 'mrr@100',
      trainCounts,
      seed: 2,
      progress: () => undefined,
      pause: () => Promise.resolve(),
    };
    const weightings: BlendWeights[] = [
      { members: [1, 0.35, 2], prior: 0.25, cold: 1 },
      { members: [1, 0, 0], prior: 0, cold: 0 },
      { members: [0, 0, 1], prior: 0, cold: 0 },
      { members: [0, 1.4, -0.5], prior: -0.5, cold: 0 },
    ];
    const { values, table } = await measureBlends(search, weightings, 'gather');
    for (const [i, weights] of weightings.entries()) {
      const parts = members.map((scorer, m) => ({ name: `m${m}`, scorer, weight: weights.members[m] ?? 0 }));
      const scorer = blendScorer(parts, items, blendBias(search, weights), ITEMS);
      const recommender = new Recommender({ scorer, trainCounts, seed: 2 });
      const ranks = await sampleRanks(recommender, search.sample, 100, () => Promise.resolve());
      expect(values[i]).toBe(meanMetric('mrr@100', ranks));
    }
    expect(new Set(values).size).toBe(4);
    expect(table?.queries).toBe(queries.length);
  });
});
