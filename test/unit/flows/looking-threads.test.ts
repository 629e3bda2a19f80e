/** Candidates of a stack's validation queries, looked at by several threads: the same table as by one. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catalogueOf } from '../../../src/pipeline/data/catalogue.ts';
import { trainingSequences } from '../../../src/pipeline/data/prepared-data.ts';
import { itemTable } from '../../../src/pipeline/kinds/stack/features/item-features.ts';
import { LookingThreads } from '../../../src/pipeline/kinds/stack/looking-threads.ts';
import { openView } from '../../../src/pipeline/kinds/stack/open-view.ts';
import { sharedLooking } from '../../../src/pipeline/kinds/stack/shared-looking.ts';
import { stackMember } from '../../../src/pipeline/kinds/stack/stack-member.ts';
import { buildTable, type BuiltTable } from '../../../src/pipeline/kinds/stack/stack-table.ts';
import { buildQueries, queryItems, targetOf } from '../../../src/pipeline/metrics/queries.ts';
import { openModel } from '../../../src/pipeline/model/open-model.ts';
import { tieOrder } from '../../../src/pipeline/seeded-random.ts';
import { preparedFrom } from '../support/prepared-from.ts';
import { randomSequences } from '../support/random-sequences.ts';
import { StepHarness } from '../support/step-harness.ts';

const MEMBERS = ['session-knn', 'n-gram', 'markov'];
const SEED = 5;
const data = preparedFrom(randomSequences(400, 120, 4, 25), { train: 200, validation: 150 });
const catalogue = catalogueOf(data);
const table = itemTable(trainingSequences(data), { ...data, timeOrdered: data.layout.timeOrdered });
const opening = { table, catalogue, depth: 20, seenRemoved: true };

let harness: StepHarness;
beforeAll(async () => {
  harness = await StepHarness.create({
    data,
    models: MEMBERS.map((name) => ({ name, parameters: {} })),
    parameters: { positions: 'every:5' },
  });
  await harness.run();
}, 60_000);
afterAll(() => harness.remove());

function threadsOf(folderOf: (name: string) => string): LookingThreads {
  const members = MEMBERS.map((name) => ({ name, kind: name, folder: folderOf(name) }));
  return new LookingThreads(2, { members, seed: SEED, ...opening });
}

async function build(
  threads?: LookingThreads,
  pause: () => Promise<void> = () => Promise.resolve(),
): Promise<BuiltTable> {
  const set = buildQueries(data, 'validation', 'every:1');
  const numbers = Array.from(set.targets.keys());
  const ties = tieOrder(catalogue.trainCounts.length, SEED);
  const members = [];
  for (const name of MEMBERS) {
    const { scorer } = await openModel(harness.stepFolder(`train/${name}`));
    members.push(stackMember(name, name, scorer, ties));
  }
  const { view, recommended } = openView({ members, ties, ...opening });
  const sample = {
    queries: numbers.map((q) => queryItems(set, q)),
    targets: Int32Array.from(numbers, (q) => targetOf(set, q)),
    cluster: Uint32Array.from(numbers, (q) => set.cluster[q] ?? 0),
    seenRemoved: true,
  };
  const limits = { queries: 1e6, work: 1e6, most: 1e8, progress: () => undefined };
  return buildTable(view, sample, { recommended, ...limits, threads: () => threads, pause });
}

const inHarness = (name: string): string => harness.stepFolder(`train/${name}`);

describe('looking at candidates on three threads', () => {
  test('gives the table that one gives', async () => {
    const alone = await build();
    expect(alone.table.targets.length).toBeGreaterThan(10 * 64);
    expect(alone.table.targets.some((place) => place >= 0)).toBe(true);
    expect(await build(threadsOf(inHarness))).toEqual(alone);
  });

  test('ends when it is cancelled', async () => {
    const cancelled = build(threadsOf(inHarness), () => Promise.reject(new Error('cancelled')));
    await expect(cancelled).rejects.toThrow('cancelled');
  });

  test('fails with what whoever takes a part throws', async () => {
    const threads = threadsOf(inHarness);
    const shared = sharedLooking([Int32Array.of(1, 2)], Int32Array.of(3));
    const refused = new Error('no room');
    try {
      await expect(
        threads.look(shared, () => {
          throw refused;
        }),
      ).rejects.toBe(refused);
    } finally {
      await threads.dispose();
    }
  });

  test('says so when a thread cannot open a member', async () => {
    const failed = build(threadsOf((name) => `${inHarness(name)}/none`));
    await expect(failed).rejects.toThrow(/A thread that looks at candidates failed: .*holds no model/);
  });
});
