import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalogueOf } from '../../../../src/pipeline/data/catalogue.ts';
import type { PreparedData } from '../../../../src/pipeline/data/prepared-data.ts';
import type { Member } from '../../../../src/pipeline/kinds/fitting/fit-context.ts';
import { groupAffinity } from '../../../../src/pipeline/kinds/group-affinity/kind.ts';
import type { ModelKind } from '../../../../src/pipeline/kinds/model-kind.ts';
import { nGram } from '../../../../src/pipeline/kinds/n-gram/kind.ts';
import { Recommender } from '../../../../src/pipeline/kinds/ranking/recommender.ts';
import type { Scorer } from '../../../../src/pipeline/kinds/ranking/scorer.ts';
import { recencyEncoder } from '../../../../src/pipeline/kinds/recency-encoder/kind.ts';
import { sequentialItemKnn } from '../../../../src/pipeline/kinds/sequential-item-knn/kind.ts';
import { sessionKnn } from '../../../../src/pipeline/kinds/session-knn/kind.ts';
import { stack } from '../../../../src/pipeline/kinds/stack/kind.ts';
import { StackFile } from '../../../../src/pipeline/kinds/stack/stack-file.ts';
import { below, randomStream } from '../../../../src/pipeline/seeded-random.ts';
import { StackSummary } from '../../../../src/protocol/report.ts';
import { fitted, silentReporter, type FitOptions, type Fitted } from '../../support/fitted.ts';
import {
  plainCandidates,
  plainParts,
  plainScores,
  type PlainMember,
  type PlainStack,
} from '../../support/plain-stack.ts';
import { preparedFrom } from '../../support/prepared-from.ts';
import { normalStream } from '../../support/random-numbers.ts';
import { randomSequences } from '../../support/random-sequences.ts';
import { scoresOf } from '../../support/sparse-scores.ts';

const ITEMS = 45;
const [TRAIN, VALIDATION] = [120, 60];
const sequences = randomSequences(200, ITEMS - 3, 21, 10);
const groups = Array.from({ length: ITEMS }, (_, item) => (item === 7 ? -1 : item % 6));
const options = { train: TRAIN, validation: VALIDATION, groups, itemCount: ITEMS };
const plain = preparedFrom(sequences, options);
const data: PreparedData = { ...plain, layout: { ...plain.layout, timeOrdered: true } };

const KINDS: readonly [ModelKind, Record<string, number | boolean>][] = [
  [recencyEncoder, { vectorSize: 8, heads: 1, epochs: 3, tune: false }],
  [sequentialItemKnn, { tune: false }],
  [sessionKnn, { tune: false }],
  [nGram, {}],
  [groupAffinity, { tune: false }],
];
const DEPTH = 5;

const models: Fitted[] = [];
/** Two scorers of each member, so that the reference shares no state with the stack. */
const reference: PlainMember[] = [];
beforeAll(async () => {
  for (const [kind, parameters] of KINDS) {
    const model = await fitted(kind, data, { parameters });
    models.push(model);
    reference.push({ name: kind.name, open: () => model.scorer });
  }
});
afterAll(async () => {
  for (const { remove } of models) await remove();
});

const membersOf = (): Member[] => models.map(({ member }) => member);

async function fit(given: FitOptions = {}, from: PreparedData = data): Promise<Fitted> {
  return await fitted(stack, from, { members: membersOf(), parameters: { depth: DEPTH }, ...given });
}

function fileOf({ folder }: Fitted): StackFile {
  return StackFile.parse(JSON.parse(readFileSync(path.join(folder, 'stack.json'), 'utf8')));
}

/** Opens a fitted stack again, with other weights, its own members and what it wrote. */
async function reopened({ folder }: Fitted, file: StackFile): Promise<Scorer> {
  writeFileSync(path.join(folder, 'stack.json'), JSON.stringify(file));
  return await stack.open({
    ...{ seed: 1, deterministic: true, catalogue: catalogueOf(data) },
    locate: (artifact) => path.join(folder, artifact === 'stack' ? 'stack.json' : 'item-table.npy'),
    openMember: async ({ name }) => {
      const member = membersOf().find((one) => one.name === name);
      if (member === undefined) throw new Error(`no member '${name}'`);
      return await member.open();
    },
  });
}

/** Weights by chance, so that all features and gates count. */
function withRandomWeights(file: StackFile): StackFile {
  const normal = normalStream(5);
  const features = file.weights.features.map((feature) => ({
    ...feature,
    spread: 1 + Math.abs(normal()),
    weights: feature.weights.map(() => normal() / 3),
  }));
  const gates = file.weights.gates.map((gate) => ({
    ...gate,
    mean: normal(),
    spread: 1 + Math.abs(normal()),
  }));
  return { ...file, weights: { features, gates } };
}

function plainOf(seenRemoved = false): PlainStack {
  return {
    ...{ members: reference, training: sequences.slice(0, TRAIN), itemCount: ITEMS },
    ...{ depth: DEPTH, seed: 1, timeOrdered: true, groups, seenRemoved },
  };
}

function queriesOf(count: number, seed = 6): number[][] {
  const next = randomStream(seed);
  return Array.from({ length: count }, (_, q) => {
    const sequence = sequences[TRAIN + (q % (sequences.length - TRAIN))] ?? [];
    const query = sequence.slice(0, 1 + below(sequence.length, next()));
    return q % 6 === 0 ? [...query, below(ITEMS, next())] : query;
  });
}
const queries = [...queriesOf(50), [ITEMS - 1], [-1], []];

function expectPlain(scorer: Scorer, weights: StackFile['weights'], reference: PlainStack): void {
  for (const query of queries) {
    const expected = plainScores(reference, weights, query);
    const actual = scoresOf(scorer, query, 'decayed-list');
    expect([...actual.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [item, score] of expected)
      expect(Math.abs((actual.get(item) ?? NaN) - score)).toBeLessThan(1e-5 * Math.max(1, Math.abs(score)));
  }
}

describe('a stack', () => {
  test.each(['kept', 'removed'] as const)(
    'scores as its file and its members say (seen %s)',
    async (seen) => {
      const model = await fit({ seen });
      const file = fileOf(model);
      expect(file).toMatchObject({ depth: DEPTH, seenRemoved: seen === 'removed' });
      expect(file.members.map(({ name }) => name)).toEqual(reference.map(({ name }) => name));
      expectPlain(model.scorer, file.weights, plainOf(seen === 'removed'));
      const random = withRandomWeights(file);
      expectPlain(await reopened(model, random), random.weights, plainOf(seen === 'removed'));
      await model.remove();
    },
  );

  test.each(['kept', 'removed'] as const)(
    'answers alike whether it was told ahead (seen %s)',
    async (seen) => {
      const [told, alone] = [await fit({ seen }), await fit({ seen })];
      const asked = queries.map((query) => Int32Array.from(query));
      const answers = ({ scorer }: Fitted): (readonly [number, number][] | undefined)[] => {
        if (scorer.shape !== 'sparse') throw new Error('a stack scores candidates');
        return asked.map((query) => {
          const found = scorer.candidates(query, 'decayed-list');
          const slots = Array.from({ length: found?.count ?? 0 }, (_, slot) => slot);
          return found && slots.map((slot) => [found.items[slot] ?? NaN, found.scores[slot] ?? NaN]);
        });
      };
      if (told.scorer.shape === 'sparse') told.scorer.expect?.(asked);
      expect(answers(told)).toEqual(answers(alone));
      await told.remove();
      await alone.remove();
    },
  );

  test('says what it chose, by which figures', async () => {
    const told: string[] = [];
    const model = await fit({ reporter: { ...silentReporter, info: (text) => told.push(text) } });
    const { chosen } = fileOf(model);
    if (chosen === undefined) throw new Error('nothing was chosen');
    expect(chosen.crossFitted.map(({ stage }) => stage)).toEqual(['members', 'features', 'length']);
    expect(chosen.reached).toBeLessThanOrEqual(chosen.queries);
    expect(chosen.reached).toBeGreaterThan(0);
    expect(told.join()).toContain(`${chosen.queries} validation queries, ${chosen.reached} of them`);
    expect(model.result.metrics).toMatchObject({
      [`members ${chosen.metric}`]: chosen.crossFitted[0]?.value,
      'targets among the candidates': chosen.reached / chosen.queries,
    });
    expect(model.result.members).toEqual(reference.map(({ name }) => name));
    expect(model.result.parameters).toMatchObject({ depth: DEPTH, members: model.result.members?.join(',') });
    const summary = await stack.composition?.read(path.join(model.folder, 'stack.json'));
    const { features, ...rest } = StackSummary.parse(summary?.stack);
    expect(rest).toMatchObject({ depth: DEPTH, chosen });
    const sizes = features.map(({ weight }) => Math.abs(weight));
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(features.some(({ name }) => name.endsWith('log-probability'))).toBe(true);
    await model.remove();
  });

  test('is the same bytes by the same seed', async () => {
    const [one, same] = [await fit(), await fit()];
    expect(fileOf(same)).toEqual(fileOf(one));
    await one.remove();
    await same.remove();
  });

  test('warns where there are no validation queries, and keeps the weights it starts with', async () => {
    const warnings: string[] = [];
    const without = preparedFrom(sequences, { ...options, validation: 0 });
    const model = await fit(
      { reporter: { ...silentReporter, warn: (text) => warnings.push(text) } },
      without,
    );
    expect(warnings.join()).toMatch(/no validation queries/);
    const { weights, chosen } = fileOf(model);
    expect(chosen).toBeUndefined();
    expect(model.result.metrics).toEqual({});
    const moved = weights.features.flatMap(({ name, spread, weights: own }) =>
      own.flatMap((weight, g) => (weight === 0 ? [] : [[name, g, weight / spread]])),
    );
    expect(moved).toEqual([
      ['recency-encoder: log-probability', 0, 1],
      ['sequential-item-knn: log(1 + 1000 P)', 0, 0.5],
      ['session-knn: log(1 + 1000 P)', 0, 0.5],
      ['n-gram: log(1 + 1000 P)', 0, 0.5],
      ['group-affinity: log(1 + 1000 P)', 0, 0.5],
    ]);
    await model.remove();
  });

  test('refuses a single member in words', async () => {
    await expect(fit({ members: membersOf().slice(0, 1) })).rejects.toThrow(/at least two models/);
  });

  test('refuses weights of other features than its members have', async () => {
    const model = await fit();
    const file = fileOf(model);
    const features = file.weights.features.map((feature) => ({ ...feature, name: `no ${feature.name}` }));
    await expect(reopened(model, { ...file, weights: { ...file.weights, features } })).rejects.toThrow(
      /other features/,
    );
    await model.remove();
  });

  test('that is given up throws the reason it was given up for', async () => {
    const controller = new AbortController();
    const reason = new Error('given up');
    controller.abort(reason);
    const context = {
      ...{ data, seed: 1, threads: 1, deterministic: true, memoryLimit: 512, positions: 'every:1' },
      ...{ queriesPerSequence: 0, seen: 'kept' as const, selectBy: 'auto', members: membersOf() },
      ...{ parameters: {}, given: [], reporter: silentReporter, write: () => Promise.resolve() },
    };
    await expect(stack.fit({ ...context, signal: controller.signal })).rejects.toBe(reason);
    const later = new AbortController();
    const reporter = {
      ...silentReporter,
      progress: (phase: string) => (phase.startsWith('weighing') ? later.abort(reason) : undefined),
    };
    await expect(stack.fit({ ...context, reporter, signal: later.signal })).rejects.toBe(reason);
  });
});

describe('an explanation', () => {
  const groupOf = (feature: string): string => feature.split(': ')[0] ?? '';
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;

  test('has parts that sum to the score less the mean of the candidates, as the formula says', async () => {
    const model = await fit();
    const random = withRandomWeights(fileOf(model));
    const scorer = await reopened(model, random);
    const stackPlainly = plainOf();
    for (const query of queries) {
      const scores = scoresOf(scorer, query, 'decayed-list');
      const items = Int32Array.from([...scores.keys(), ITEMS - 2]);
      const explanation = scorer.explain?.(Int32Array.from(query), items);
      expect(explanation === undefined).toBe(scores.size === 0);
      if (explanation === undefined) continue;
      const plainly = plainParts(stackPlainly, random.weights, query);
      const meanScore = mean([...scores.values()]);
      const ofGroups = explanation.groups.map(
        (group) =>
          new Map(
            Array.from(plainly, ([item, parts]) => {
              const own = Object.entries(parts).filter(([feature]) => groupOf(feature) === group);
              return [item, own.reduce((sum, [, part]) => sum + part, 0)];
            }),
          ),
      );
      const means = ofGroups.map((sums) => mean([...sums.values()]));
      items.forEach((item, i) => {
        const own = explanation.items[i];
        expect(own === undefined).toBe(!scores.has(item));
        if (own === undefined) return;
        const lead = own.parts.reduce((sum, part) => sum + part, 0);
        expect(Math.abs(lead - ((scores.get(item) ?? NaN) - meanScore))).toBeLessThan(1e-6);
        ofGroups.forEach((sums, g) => {
          const expected = (sums.get(item) ?? 0) - (means[g] ?? NaN);
          expect(Math.abs((own.parts[g] ?? NaN) - expected)).toBeLessThan(1e-4);
        });
      });
    }
    await model.remove();
  });

  test('is of groups that are members, the item, the list and its group', async () => {
    const model = await fit();
    const explanation = model.scorer.explain?.(Int32Array.of(1, 2, 3), Int32Array.of(3));
    expect(explanation?.groups).toEqual([
      ...reference.map(({ name }) => name),
      ...['item', 'in the list', 'group'],
    ]);
    expect(explanation?.items[0]?.facts).toContainEqual({ code: 'in-list', lag: 0, count: 1 });
    await model.remove();
  });

  test('changes nothing that is asked after it', async () => {
    const model = await fit();
    const [one = [], other = []] = queries;
    const before = scoresOf(model.scorer, one, 'decayed-list');
    model.scorer.explain?.(Int32Array.from(other), Int32Array.of(1, 2));
    expect(scoresOf(model.scorer, one, 'decayed-list')).toEqual(before);
    await model.remove();
  });
});

describe('nothing leaks', () => {
  let model: Fitted;
  let scorer: Scorer;
  beforeAll(async () => {
    model = await fit();
    scorer = await reopened(model, withRandomWeights(fileOf(model)));
  });
  afterAll(() => model.remove());

  test('from queries asked before, or together', () => {
    const ask = (query: readonly number[]): Map<number, number> => scoresOf(scorer, query, 'decayed-list');
    const forth = queries.map(ask);
    expect(queries.toReversed().map(ask).toReversed()).toEqual(forth);
    const recommender = new Recommender({ scorer, trainCounts: data.trainCounts, seed: 1 });
    const lists = queries.map((query) => Int32Array.from(query));
    recommender.scoreEach(lists, 'decayed-list', (q, { candidates, known }) => {
      const together = Array.from({ length: candidates.count }, (_, slot): [number, number] => [
        candidates.items[slot] ?? -1,
        candidates.scores[slot] ?? NaN,
      ]);
      expect(known).toBe((forth[q]?.size ?? 0) > 0);
      expect(new Map(together)).toEqual(forth[q]);
    });
  });

  test('from rows after the query in memory, its target among them', () => {
    for (const sequence of sequences.slice(TRAIN)) {
      const whole = Int32Array.from(sequence);
      const changed = Int32Array.from([...sequence.slice(0, -1), 0, 1, 2]);
      const length = sequence.length - 1;
      const ask = (list: Int32Array): Map<number, number> => {
        const found = scorer.shape === 'sparse' ? scorer.candidates(list, 'decayed-list') : undefined;
        return new Map(
          Array.from({ length: found?.count ?? 0 }, (_, slot) => [
            found?.items[slot] ?? -1,
            found?.scores[slot] ?? NaN,
          ]),
        );
      };
      expect(ask(changed.subarray(0, length))).toEqual(ask(whole.subarray(0, length)));
    }
  });

  test('from held-out rows into what was fitted on the others', async () => {
    // Other test sequences, of the same length, change nothing at all.
    const others = sequences.map((sequence, s) =>
      s < TRAIN + VALIDATION ? sequence : sequence.map((item) => (item * 5 + 1) % (ITEMS - 3)),
    );
    const prepared = preparedFrom(others, options);
    const again = await fit({}, { ...prepared, layout: { ...prepared.layout, timeOrdered: true } });
    const first = await fit();
    expect(fileOf(again)).toEqual(fileOf(first));
    await again.remove();
    await first.remove();
  });
});

test('seen items are no candidates where they are removed', async () => {
  const model = await fit({ seen: 'removed' });
  for (const query of queries) {
    const candidates = [...scoresOf(model.scorer, query, 'decayed-list').keys()];
    expect(candidates.filter((item) => query.includes(item))).toEqual([]);
    expect(candidates.length).toBe(plainCandidates(plainOf(true), query).length);
  }
  await model.remove();
});
