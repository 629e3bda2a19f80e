import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { blend } from '../../../src/pipeline/kinds/blend/kind.ts';
import { blendItems, blendScorer } from '../../../src/pipeline/kinds/blend/scorer.ts';
import { searchBlend } from '../../../src/pipeline/kinds/blend/search-weights.ts';
import { below, randomStream } from '../../../src/pipeline/seeded-random.ts';
import { markov } from '../../../src/pipeline/kinds/markov/kind.ts';
import type { DenseScorer, SparseScorer } from '../../../src/pipeline/kinds/ranking/scorer.ts';
import type { Member } from '../../../src/pipeline/kinds/fitting/fit-context.ts';
import type { ModelKind } from '../../../src/pipeline/kinds/model-kind.ts';
import { popularity } from '../../../src/pipeline/kinds/popularity/kind.ts';
import { recencyEncoder } from '../../../src/pipeline/kinds/recency-encoder/kind.ts';
import { sequentialItemKnn } from '../../../src/pipeline/kinds/sequential-item-knn/kind.ts';
import { CandidateSet } from '../../../src/pipeline/kinds/ranking/candidate-set.ts';
import { planNextItemRun } from '../../../src/pipeline/flows/next-item/model-plan.ts';
import { BlendSummary } from '../../../src/protocol/report.ts';
import { fakeDense } from '../support/fake-scorers.ts';
import { fitted } from '../support/fitted.ts';
import { preparedFrom } from '../support/prepared-from.ts';

const ITEMS = 30;
const sequences = Array.from({ length: 200 }, (_, s) =>
  Array.from({ length: 6 }, (__, k) => (s * 7 + k) % ITEMS),
);
const data = preparedFrom(sequences, { train: 140, validation: 40 });

/** A finished model, as the train step hands it to a blend. */
async function member(kind: ModelKind, parameters: Record<string, number | boolean>): Promise<Member> {
  return (await fitted(kind, data, { parameters })).member;
}

function dense(items: number[], scores: number[]): DenseScorer {
  const all = new Map(items.map((item, i) => [item, scores[i] ?? 0]));
  return fakeDense({ items, after: (query) => (query.some((item) => all.has(item)) ? all : undefined) });
}

function sparse(scores: ReadonlyMap<number, number>, itemCount: number): SparseScorer {
  const set = new CandidateSet(itemCount);
  for (const [item, score] of scores) set.push(item, score);
  return {
    shape: 'sparse',
    vocabulary: scores.size,
    knows: () => true,
    recommends: (item) => scores.has(item),
    queryRules: ['decayed-list'],
    candidates: () => set,
  };
}

describe('a blend', () => {
  test('adds up scores: dense ones as they are, sparse ones as log(1 + 1000 P), and the bias', () => {
    const members = [
      dense([0, 1, 2], [3, 2, 1]),
      sparse(
        new Map([
          [1, 1],
          [3, 3],
        ]),
        5,
      ),
    ];
    const items = blendItems(members, 5);
    expect([...items]).toEqual([0, 1, 2, 3]);
    const parts = members.map((scorer, i) => ({ name: `m${i}`, scorer, weight: i === 0 ? 1 : 0.5 }));
    const scorer = blendScorer(parts, items, Float32Array.of(0, 0, 0.25, 0), 5);
    const out = new Float32Array(8);
    expect([...scorer.score([Int32Array.of(0), Int32Array.of(4)], 'decayed-list', out)]).toEqual([1, 1]);
    const shares = [0, 0.5 * Math.log(251), 0, 0.5 * Math.log(751)];
    // Item 3 is none of the dense member's: it stands with the last of what that knows.
    [3, 2 + (shares[1] ?? 0), 1.25, 1 + (shares[3] ?? 0)].forEach((value, i) =>
      expect(out[i]).toBeCloseTo(value, 5),
    );
    // The dense member knows nothing of the second query.
    [0, shares[1] ?? 0, 0.25, shares[3] ?? 0].forEach((value, i) => expect(out[4 + i]).toBeCloseTo(value, 5));
  });

  test('explains scores by its members and the bias: parts sum to the score less the mean', () => {
    const members = [
      dense([0, 1, 2], [3, 2, 1]),
      sparse(
        new Map([
          [1, 1],
          [3, 3],
        ]),
        5,
      ),
    ];
    const items = blendItems(members, 5);
    const parts = members.map((scorer, i) => ({ name: `m${i}`, scorer, weight: i === 0 ? 1 : 0.5 }));
    const scorer = blendScorer(parts, items, Float32Array.of(0, 0, 0.25, 0), 5);
    const out = new Float32Array(4);
    const explained = scorer.explain?.(Int32Array.of(0), Int32Array.of(1, 3, 4));
    scorer.score([Int32Array.of(0)], 'decayed-list', out);
    expect(explained?.groups).toEqual(['m0', 'm1', 'item']);
    // The dense member's own are 3, 2, 1, and 1 for item 3, which it does not know: 1.75 on average.
    expect(explained?.items.map((item) => item?.parts[0])).toEqual([0.25, -0.75, undefined]);
    expect(explained?.items[0]?.parts[2]).toBeCloseTo(-0.0625, 6);
    const mean = out.reduce((sum, score) => sum + score / 4, 0);
    for (const [i, item] of [1, 3].entries()) {
      const lead = explained?.items[i]?.parts.reduce((sum, part) => sum + part, 0) ?? NaN;
      expect(lead).toBeCloseTo((out[items.indexOf(item)] ?? NaN) - mean, 5);
    }
  });

  test('chooses weights on validation, tells what each adds, and needs no file but its own', async () => {
    const members = [
      await member(recencyEncoder, { vectorSize: 8, epochs: 3, tune: false }),
      await member(sequentialItemKnn, { tune: false }),
    ];
    const { scorer, result, folder } = await fitted(blend, data, { members });
    const of = (name: string): number => result.metrics[`${name} ndcg@10`] ?? NaN;
    expect(of('blend')).toBeGreaterThanOrEqual(of('recency-encoder alone'));
    expect(of('blend')).toBeGreaterThanOrEqual(of('sequential-item-knn alone'));
    expect(of('without sequential-item-knn')).toBeLessThanOrEqual(of('blend'));
    expect(result.parameters).toMatchObject({ members: 'recency-encoder,sequential-item-knn' });
    const files = await readdir(folder);
    expect(files.sort()).toEqual(['bias.npy', 'blend.json', 'items.npy']);
    expect(await readFile(path.join(folder, 'blend.json'), 'utf8')).toContain('sequential-item-knn');
    expect(scorer.vocabulary).toBe(ITEMS);
  });

  test('leaves out members that add nothing, and keeps no file of them', async () => {
    const members = [
      await member(recencyEncoder, { vectorSize: 8, epochs: 3, tune: false }),
      await member(sequentialItemKnn, { tune: false }),
      await member(popularity, {}),
      await member(markov, {}),
    ];
    const { scorer, result, folder } = await fitted(blend, data, { members });
    const summary = BlendSummary.parse(JSON.parse(await readFile(path.join(folder, 'blend.json'), 'utf8')));
    const kept = summary.members.map(({ name }) => name);
    const leftOut = (summary.leftOut ?? []).map(({ name }) => name);
    expect([...kept, ...leftOut].sort()).toEqual(members.map(({ name }) => name).sort());
    expect(kept[0]).toBe('recency-encoder');
    expect(leftOut).toContain('popularity');
    for (const { errors } of summary.leftOut ?? []) expect(errors).toBeLessThanOrEqual(1);
    expect(result.parameters?.['members']).toBe(kept.join(','));
    // Only these become part of its package.
    expect(result.members).toEqual(kept);
    expect(scorer.vocabulary).toBe(ITEMS);
  });

  test('keeps all members where a few users are too few to tell', async () => {
    const users = sequences.map((_, s) => (s < 140 ? s : 140 + (s % 4)));
    const few = preparedFrom(sequences, { train: 140, validation: 40, users });
    const members = [
      (await fitted(sequentialItemKnn, few, {})).member,
      (await fitted(popularity, few, {})).member,
    ];
    const { result } = await fitted(blend, few, { members });
    expect(result.parameters?.['members']).toBe('sequential-item-knn,popularity');
  });

  test('takes weights that are given, and refuses as many as do not fit', async () => {
    const members = [await member(sequentialItemKnn, { tune: false }), await member(markov, {})];
    const parameters = { members: 'sequential-item-knn,markov', weights: '1,0.5' };
    const { result } = await fitted(blend, data, { members, parameters });
    expect(result.parameters).toMatchObject({ weights: '1,0.5' });
    const twice = members.slice(0, 1).flatMap((one) => [0, 1].map((i) => ({ ...one, name: `set-${i}` })));
    const each = { members: 'sequential-item-knn', weights: '2,7' };
    const summary = path.join(
      (await fitted(blend, data, { members: twice, parameters: each })).folder,
      'blend.json',
    );
    expect(BlendSummary.parse(JSON.parse(await readFile(summary, 'utf8'))).members).toMatchObject([
      { name: 'set-0', weight: 2 },
      { name: 'set-1', weight: 7 },
    ]);
    await expect(
      fitted(blend, data, { members, parameters: { ...parameters, weights: '1' } }),
    ).rejects.toThrow(/2 models and got the weights 1/);
    await expect(fitted(blend, data, { members: members.slice(1) })).rejects.toThrow(/at least two/);
  });
});

describe('the plan of a run with a blend', () => {
  test('puts it after its members and names them', () => {
    const { models } = planNextItemRun(
      { models: 'blend,recency-encoder,prod2vec', blendMembers: 'recency-encoder,prod2vec' },
      { hasGroups: false },
    );
    expect(models.at(-1)).toMatchObject({
      name: 'blend',
      members: ['recency-encoder', 'prod2vec-min-count-3', 'prod2vec-min-count-5', 'prod2vec-min-count-10'],
    });
  });

  test('has a weight for each model of a kind with several, and refuses fewer before anything is trained', () => {
    const given = { models: 'prod2vec,markov,blend', blendMembers: 'prod2vec,markov' };
    const plan = (blendWeights: string): unknown =>
      planNextItemRun({ ...given, blendWeights }, { hasGroups: false }).models.at(-1)?.members;
    expect(plan('1,2,3,4')).toHaveLength(4);
    expect(() => plan('1,2')).toThrow(/made of 4 models and got the weights 1,2/);
  });

  test('refuses a blend of fewer than two models, in words', () => {
    expect(() => planNextItemRun({ models: 'blend,recency-encoder' }, { hasGroups: false })).toThrow(
      /at least two models, and of recency-encoder, sequential-item-knn, session-knn, group-affinity this run has recency-encoder/,
    );
  });
});

test('a member that knows nearly all gets a weight far from where the search once began', async () => {
  const count = 60;
  const next = randomStream(4);
  const noise = Array.from({ length: count }, () => below(1000, next()) / 50);
  const loud = dense(
    noise.map((_, item) => item),
    noise,
  );
  const set = new CandidateSet(count);
  const right: SparseScorer = {
    ...sparse(new Map(), count),
    vocabulary: count,
    recommends: () => true,
    candidates: (query) => {
      set.clear();
      set.push(((query.at(-1) ?? 0) + 1) % count, 1);
      return set;
    },
  };
  const queries = Array.from({ length: count }, (_, item) => Int32Array.of(item));
  const items = blendItems([loud, right], count);
  const { weights, value } = await searchBlend({
    scorers: [loud, right],
    items,
    prior: new Float32Array(items.length),
    cold: new Float32Array(items.length),
    sample: {
      queries,
      targets: Int32Array.from(queries, (query) => ((query[0] ?? 0) + 1) % count),
      cluster: Uint32Array.from(queries.keys()),
      seenRemoved: false,
    },
    metric: 'hitRate@1',
    trainCounts: new Uint32Array(count).fill(1),
    seed: 1,
    progress: () => undefined,
    pause: () => Promise.resolve(),
  });
  expect(weights.members[1]).toBeGreaterThanOrEqual(2);
  expect(value).toBe(1);
});
