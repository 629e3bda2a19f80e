import { describe, expect, test } from 'vitest';
import type { ValidationSample } from '../../../../src/pipeline/kinds/fitting/validation-sample.ts';
import { CandidatePool } from '../../../../src/pipeline/kinds/stack/candidates.ts';
import { featuresOf } from '../../../../src/pipeline/kinds/stack/feature-set.ts';
import { lookAt } from '../../../../src/pipeline/kinds/stack/look-at.ts';
import type { LookedChunk, Looking } from '../../../../src/pipeline/kinds/stack/looking-threads.ts';
import { QueryView } from '../../../../src/pipeline/kinds/stack/query-view.ts';
import { takeChunk } from '../../../../src/pipeline/kinds/stack/shared-looking.ts';
import { stackMember } from '../../../../src/pipeline/kinds/stack/stack-member.ts';
import {
  buildTable,
  workOf,
  type BuiltTable,
  type TableRequest,
} from '../../../../src/pipeline/kinds/stack/stack-table.ts';
import { tieOrder } from '../../../../src/pipeline/seeded-random.ts';
import { fakeSparse } from '../../support/fake-scorers.ts';
import { rowsOf } from '../../support/stack-table.ts';

const ITEMS = 20;

/** Knows an item more after each; nothing after item 0. */
function view(): QueryView {
  const after = (query: readonly number[]): ReadonlyMap<number, number> =>
    new Map(Array.from({ length: query.at(-1) ?? 0 }, (_, item) => [item, 1 + item]));
  const members = ['one', 'two'].map((name) =>
    stackMember(name, name, fakeSparse(ITEMS, after), tieOrder(ITEMS, 1)),
  );
  const recommended = new Uint8Array(ITEMS).fill(1);
  const features = featuresOf({
    members,
    table: { names: ['item'], values: Float32Array.from({ length: ITEMS }, (_, item) => item) },
    catalogue: { trainCounts: new Uint32Array(ITEMS).fill(1) },
    seenRemoved: false,
  });
  return new QueryView(members, new CandidatePool({ depth: 100, seenRemoved: false, recommended }), features);
}

const queries = [[3], [0], [2, 9], [19, 5]].map((query) => Int32Array.from(query));
/** The last target is no candidate. */
const targets = Int32Array.of(1, 1, 9, 18);
const sample = { queries, targets, cluster: Uint32Array.of(4, 5, 6, 6), seenRemoved: false };

interface Asked {
  readonly most?: number;
  readonly asked?: number;
  readonly work?: number;
  /** Items that may not be recommended. */
  readonly without?: readonly number[];
  readonly pause?: () => Promise<void>;
  readonly threads?: TableRequest['threads'];
  readonly of?: ValidationSample;
}

function build({
  most = 1e6,
  asked = 1e6,
  work = 1e6,
  without = [],
  pause = () => Promise.resolve(),
  threads = () => undefined,
  of = sample,
}: Asked = {}): Promise<BuiltTable> {
  const recommended = Uint8Array.from({ length: ITEMS }, (_, item) => (without.includes(item) ? 0 : 1));
  return buildTable(view(), of, {
    recommended,
    queries: asked,
    work,
    most,
    threads,
    progress: () => undefined,
    pause,
  });
}

test('a table holds what the view sees of each query, and the place of its target', async () => {
  const { table, full } = await build();
  expect(full).toBe(false);
  const seen = view();
  expect([...table.cluster]).toEqual([4, 5, 6, 6]);
  queries.forEach((query, q) => {
    const found = seen.see(query);
    const items = [...(found?.items ?? [])];
    const place = items.indexOf(targets[q] ?? -1);
    expect(table.targets[q]).toBe(place);
    // A query that is missed anyway teaches nothing.
    expect(rowsOf(table, q).flat()).toEqual(place < 0 ? [] : [...(found?.features ?? [])]);
    const gates = table.gates.subarray(q * table.gateCount, (q + 1) * table.gateCount);
    expect([...gates]).toEqual([...(place < 0 ? new Float32Array(table.gateCount) : (found?.gates ?? []))]);
  });
  expect([...table.targets].map((place) => place >= 0)).toEqual([true, false, true, false]);
});

test('a table ends before the query that memory does not hold', async () => {
  const { table: whole } = await build();
  const first = (whole.bounds[2] ?? 0) * whole.width;
  const all = (whole.bounds[3] ?? 0) * whole.width;
  expect(all).toBeGreaterThan(first);
  expect(await build({ most: all })).toEqual({ table: whole, full: false });
  for (const most of [first, all - 1]) {
    const { table, full } = await build({ most });
    expect(full).toBe(true);
    expect(table.targets).toEqual(whole.targets.subarray(0, 2));
    expect(table.bounds).toEqual(whole.bounds.subarray(0, 3));
    expect(table.features).toEqual(whole.features.subarray(0, first));
    expect(table.gates).toEqual(whole.gates.subarray(0, 2 * whole.gateCount));
    expect(table.cluster).toEqual(whole.cluster.subarray(0, 2));
  }
  expect((await build({ most: 0 })).table.targets).toHaveLength(0);
});

test('queries whose target may not be recommended are missed, and count as none that were looked at', async () => {
  const { table: whole } = await build();
  const { table, full } = await build({ without: [1], asked: 1 });
  expect(full).toBe(false);
  expect([...table.targets]).toEqual([-1, -1, whole.targets[2]]);
  expect(rowsOf(table, 0)).toEqual([]);
  expect(rowsOf(table, 2)).toEqual(rowsOf(whole, 2));
  expect((await build({ asked: 0 })).table.targets).toHaveLength(0);
});

test('long queries cost more, and no query is begun that cannot be afforded', async () => {
  const costs = queries.map(workOf);
  expect(costs).toEqual([1.05, 1.05, 1.1, 1.1]);
  for (const [work, count] of [
    [0, 0],
    [1, 1],
    [2.1, 2],
    [2.2, 3],
  ] as const)
    expect((await build({ work })).table.targets).toHaveLength(count);
});

/** Looks at all there is before this thread does, and tells of the last chunk first. */
function another(dispose: () => void = () => undefined): Looking {
  return {
    look(shared, take) {
      const chunks: LookedChunk[] = [];
      for (let chunk = takeChunk(shared); chunk !== undefined; chunk = takeChunk(shared))
        chunks.unshift({ number: chunk.number, looked: lookAt(view(), chunk.queries, chunk.targets) });
      for (const chunk of chunks) take(chunk);
      return Promise.resolve();
    },
    dispose() {
      dispose();
      return Promise.resolve();
    },
  };
}

describe('other threads', () => {
  const many = {
    queries: Array.from({ length: 300 }, (_, q) => Int32Array.of(q % ITEMS, (7 * q) % ITEMS)),
    targets: Int32Array.from({ length: 300 }, (_, q) => (3 * q) % ITEMS),
    cluster: Uint32Array.from({ length: 300 }, (_, q) => q),
    seenRemoved: false,
  };

  test('change nothing of a table, in whatever order they tell of queries', async () => {
    const asked: number[] = [];
    const alone = await build({ without: [3], of: many });
    const shared = await build({
      ...{ without: [3], of: many },
      threads: (count) => {
        asked.push(count);
        return another();
      },
    });
    expect(shared).toEqual(alone);
    expect(alone.table.targets).toHaveLength(300);
    expect(asked).toEqual([285]);
    const most = Math.floor(alone.table.features.length / 2);
    const half = await build({ without: [3], of: many, most, threads: () => another() });
    expect(half).toEqual(await build({ without: [3], of: many, most }));
    expect(half.full).toBe(true);
  });

  test('end with the table, also where one fails or it is given up', async () => {
    const reason = new Error('given up');
    let ended = 0;
    const ending = (): Looking =>
      another(() => {
        ended++;
      });
    await build({ of: many, threads: ending });
    const failing = (): Looking => ({ ...ending(), look: () => Promise.reject(reason) });
    await expect(build({ of: many, threads: failing })).rejects.toBe(reason);
    const idle = (): Looking => ({ ...ending(), look: () => new Promise(() => undefined) });
    await expect(build({ of: many, threads: idle, pause: () => Promise.reject(reason) })).rejects.toBe(
      reason,
    );
    expect(ended).toBe(3);
  });
});

test('a table is not made to its end when it is given up', async () => {
  const reason = new Error('given up');
  await expect(build({ pause: () => Promise.reject(reason) })).rejects.toBe(reason);
});
