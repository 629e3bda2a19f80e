import * as fs from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { TrialResult } from '../../../../src/protocol/tuning.ts';
import { trainingSequences, type PreparedData } from '../../../../src/pipeline/data/prepared-data.ts';
import { buildQueries, queryItems, targetOf } from '../../../../src/pipeline/metrics/queries.ts';
import { withoutTest } from '../../../../src/pipeline/flows/tune/blind-data.ts';
import { trialSteps } from '../../../../src/pipeline/flows/tune/trial-steps.ts';
import { testWinnerStep } from '../../../../src/pipeline/flows/tune/winner-steps.ts';
import { preparedFrom } from '../../support/prepared-from.ts';
import { randomSequences } from '../../support/random-sequences.ts';
import { StepHarness } from '../../support/step-harness.ts';

const ITEMS = 60;
const sequences = randomSequences(120, ITEMS, 5);
const split = (all: readonly (readonly number[])[]): PreparedData =>
  preparedFrom(all, { train: 80, validation: 25, itemCount: ITEMS });
const leaveOneOut = (all: readonly (readonly number[])[]): PreparedData =>
  preparedFrom(all, { leaveOneOut: true, itemCount: ITEMS });

/** The same data with another test part. */
const otherTest = {
  split: sequences.map((sequence, s) => (s < 105 ? sequence : sequence.map((item) => ITEMS - 1 - item))),
  leaveOneOut: sequences.map((sequence) => [...sequence.slice(0, -1), ITEMS - 1 - (sequence.at(-1) ?? 0)]),
};
const DATA = [
  ['a split', split(sequences), split(otherTest.split)],
  ['leave-one-out', leaveOneOut(sequences), leaveOneOut(otherTest.leaveOneOut)],
] as const;

/** The items a model learns from. */
function trained(data: PreparedData): Int32Array {
  const { items, offsets } = trainingSequences(data);
  return items.subarray(0, offsets.at(-1));
}

const harnesses: StepHarness[] = [];
afterEach(async () => {
  for (const harness of harnesses.splice(0)) await harness.remove();
});

const KINDS: Readonly<Record<string, Record<string, number | boolean>>> = {
  prod2vec: { epochs: 3, vectorSize: 8, minCount: 1, patience: 1 },
  'sequential-item-knn': { tune: true },
  'session-knn': { tune: true },
};

/** The files that a trial of one setting, trained whole, leaves. */
async function trialFiles(data: PreparedData, kind: string): Promise<{ result: string; ranks: Buffer }> {
  const harness = await StepHarness.create({
    data,
    models: [{ name: 'trial-001', kind, parameters: KINDS[kind] ?? {} }],
    parameters: { model: kind, strategy: 'random' },
  });
  harnesses.push(harness);
  const [explore] = trialSteps;
  if (explore === undefined) throw new Error('no first rung');
  await harness.runOne(explore, 'trial-001');
  const file = (artifact: string): string => harness.file('explore/trial-001', artifact);
  const result = TrialResult.parse(JSON.parse(await fs.readFile(file('trial'), 'utf8')));
  return { result: JSON.stringify({ ...result, seconds: 0 }), ranks: await fs.readFile(file('ranks')) };
}

describe.each(DATA)('a trial on data with %s', (_, data, other) => {
  it.each(Object.keys(KINDS))('of %s is the same whatever the test part is', async (kind) => {
    const one = await trialFiles(data, kind);
    expect(await trialFiles(other, kind)).toEqual(one);
    expect(TrialResult.parse(JSON.parse(one.result)).estimate.value).toBeGreaterThan(0);
  });

  it('is given data that hold no test target', () => {
    expect(withoutTest(other)).toEqual(withoutTest(data));
    const targets = (from: PreparedData, part: 'validation' | 'test'): number[] => {
      const queries = buildQueries(from, part, 'last');
      return Array.from(queries.targets, (_target, q) => targetOf(queries, q));
    };
    expect(targets(other, 'test')).not.toEqual(targets(data, 'test'));
    expect(targets(withoutTest(data), 'validation')).toEqual(targets(data, 'validation'));
    const queries = buildQueries(withoutTest(data), 'validation', 'last');
    expect(queryItems(queries, 3)).toEqual(queryItems(buildQueries(data, 'validation', 'last'), 3));
    expect(trained(withoutTest(data))).toEqual(trained(data));
  });
});

describe('the steps of a tuning', () => {
  it('read the test part in one step only, which needs what was trained last', () => {
    expect(testWinnerStep.needs).toEqual(['prepare', 'train']);
  });
});
