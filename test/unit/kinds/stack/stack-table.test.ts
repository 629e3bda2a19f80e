import { expect, test } from 'vitest';
import { CandidatePool } from '../../../../src/pipeline/kinds/stack/candidates.ts';
import { featuresOf } from '../../../../src/pipeline/kinds/stack/feature-set.ts';
import { QueryView } from '../../../../src/pipeline/kinds/stack/query-view.ts';
import { stackMember } from '../../../../src/pipeline/kinds/stack/stack-member.ts';
import { buildTable, type StackTable } from '../../../../src/pipeline/kinds/stack/stack-table.ts';
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

function build(most: number, pause = (): Promise<void> => Promise.resolve()): Promise<StackTable> {
  return buildTable(view(), sample, { most, progress: () => undefined, pause });
}

test('a table holds what the view sees of each query, and the place of its target', async () => {
  const table = await build(1e6);
  const seen = view();
  expect([...table.cluster]).toEqual([4, 5, 6, 6]);
  queries.forEach((query, q) => {
    const found = seen.see(query);
    const items = [...(found?.items ?? [])];
    expect(rowsOf(table, q).flat()).toEqual([...(found?.features ?? [])]);
    expect(table.targets[q]).toBe(items.indexOf(targets[q] ?? -1));
    const gates = table.gates.subarray(q * table.gateCount, (q + 1) * table.gateCount);
    expect([...gates]).toEqual([...(found?.gates ?? new Float32Array(table.gateCount))]);
  });
  expect([...table.targets].map((place) => place >= 0)).toEqual([true, false, true, false]);
});

test('a table ends before the query that memory does not hold', async () => {
  const whole = await build(1e6);
  const held = (whole.bounds[3] ?? 0) * whole.width;
  for (const most of [held, held + 1]) {
    const table = await build(most);
    expect(table.targets).toEqual(whole.targets.subarray(0, 3));
    expect(table.bounds).toEqual(whole.bounds.subarray(0, 4));
    expect(table.features).toEqual(whole.features.subarray(0, held));
    expect(table.gates).toEqual(whole.gates.subarray(0, 3 * whole.gateCount));
    expect(table.cluster).toEqual(whole.cluster.subarray(0, 3));
  }
  expect((await build(held - 1)).targets).toEqual(whole.targets.subarray(0, 2));
  expect((await build(0)).targets).toHaveLength(0);
});

test('a table is not made to its end when it is given up', async () => {
  const reason = new Error('given up');
  await expect(build(1e6, () => Promise.reject(reason))).rejects.toBe(reason);
});
