/** Candidates, features and gates of a query, against the plain formulas. */
import { describe, expect, test } from 'vitest';
import { defaultsOf } from '../../../../src/protocol/parameters.ts';
import { indexOccurrences } from '../../../../src/pipeline/kinds/fitting/occurrences.ts';
import { nGramParameters } from '../../../../src/pipeline/kinds/n-gram/parameters.ts';
import { nGramScorer } from '../../../../src/pipeline/kinds/n-gram/scorer.ts';
import type { ItemVectors, Scorer } from '../../../../src/pipeline/kinds/ranking/scorer.ts';
import { CandidatePool } from '../../../../src/pipeline/kinds/stack/candidates.ts';
import { GroupCandidates } from '../../../../src/pipeline/kinds/stack/group-candidates.ts';
import { featuresOf } from '../../../../src/pipeline/kinds/stack/feature-set.ts';
import { itemTable } from '../../../../src/pipeline/kinds/stack/features/item-features.ts';
import { QueryView } from '../../../../src/pipeline/kinds/stack/query-view.ts';
import { recommendedBy } from '../../../../src/pipeline/kinds/stack/scorer.ts';
import { stackMember } from '../../../../src/pipeline/kinds/stack/stack-member.ts';
import { below, mix32, randomStream, tieOrder } from '../../../../src/pipeline/seeded-random.ts';
import { fakeDense, fakeSparse, type ScoresAfter } from '../../support/fake-scorers.ts';
import {
  plainCandidates,
  plainFeatures,
  plainGates,
  type PlainMember,
  type PlainStack,
} from '../../support/plain-stack.ts';
import { preparedFrom } from '../../support/prepared-from.ts';
import { randomSequences } from '../../support/random-sequences.ts';
import { normalStream } from '../../support/random-numbers.ts';

const ITEMS = 50;
const training = randomSequences(80, ITEMS - 4, 9, 12);
const data = preparedFrom(training, { itemCount: ITEMS });
const groups = Array.from({ length: ITEMS }, (_, item) => (item % 11 === 0 ? -1 : item % 7));

/** A score by chance of the last two items and the item, in steps where there shall be ties. */
function chance(salt: number, query: readonly number[], item: number, step: number): number {
  const hash = mix32((query.at(-1) ?? 0) + 101 * (query.at(-2) ?? 0) + 10_007 * item + salt);
  return Math.round(((hash / 2 ** 32) * 12 - 6) / step) * step;
}

/** @param knows whether the model knows something after the newest item */
function after(
  salt: number,
  step: number,
  knows: (newest: number) => boolean,
  items: readonly number[],
): ScoresAfter {
  return (query) => {
    const newest = query.at(-1) ?? -1;
    if (!knows(newest)) return undefined;
    const scores = items.map((item) => [item, Math.fround(chance(salt, query, item, step))] as const);
    // One item must not be recommended after this query.
    return new Map(scores.map(([item, score]) => [item, item === newest ? -Infinity : score]));
  };
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const normal = normalStream(12);
const values = Float32Array.from({ length: 35 * 3 }, () => normal() / 2);
const coordinate = (item: number, d: number): number =>
  item < 5 || item >= 40 ? 0 : (values[(item - 5) * 3 + d] ?? 0);
const vectors: ItemVectors = {
  dimension: 3,
  items: Int32Array.from(range(5, 40)),
  values,
  similarity: 'product',
  products: (from, items) =>
    Float32Array.from(
      [...from].flatMap((one) =>
        [...items].map((other) =>
          [0, 1, 2].reduce((sum, d) => sum + coordinate(one, d) * coordinate(other, d), 0),
        ),
      ),
    ),
};

const members: readonly PlainMember[] = [
  {
    name: 'all',
    open: () =>
      fakeDense({ items: range(0, 40), after: after(1, 0.5, (newest) => newest % 5 !== 1, range(0, 40)) }),
  },
  {
    name: 'finds',
    open: () =>
      fakeDense({
        ...{ items: range(5, 45), finds: true, vectors },
        after: after(2, 1e-3, (newest) => newest % 3 !== 1, range(5, 45)),
      }),
  },
  { name: 'sparse', open: () => fakeSparse(ITEMS, sparseAfter) },
  {
    name: 'n-gram',
    open: () => nGramScorer(indexOccurrences(data.sequences, ITEMS), defaultsOf(nGramParameters)),
  },
];

/** Few items, some of which score nothing or less. */
function sparseAfter(query: readonly number[]): ReadonlyMap<number, number> | undefined {
  const newest = query.at(-1) ?? -1;
  if (newest < 0 || newest % 4 === 1) return undefined;
  const items = range(0, ITEMS).filter((item) => mix32(item + 7 * newest) % 4 === 0);
  return new Map(items.map((item) => [item, chance(3, query, item, 0.5)]));
}

const stackOf = (options: Partial<PlainStack> = {}): PlainStack => ({
  ...{ members, training, itemCount: ITEMS, depth: 6, seed: 3, groups },
  ...options,
});

/** The same of items without groups. */
function ungrouped({ groups: _, ...stack }: PlainStack): PlainStack {
  return stack;
}

function viewOf(stack: PlainStack): QueryView {
  const ties = tieOrder(ITEMS, stack.seed);
  const own = stack.members.map(({ name, open }) => stackMember(name, name, open(), ties));
  const seenRemoved = stack.seenRemoved === true;
  const catalogue = {
    trainCounts: data.trainCounts,
    ...(stack.groups === undefined ? {} : { itemGroups: Int32Array.from(stack.groups) }),
  };
  const table = itemTable(data.sequences, { ...catalogue, timeOrdered: stack.timeOrdered === true });
  const recommended = recommendedBy(own, ITEMS);
  const groups =
    stack.groups === undefined
      ? {}
      : {
          groups: new GroupCandidates(
            Int32Array.from(stack.groups),
            recommended,
            data.trainCounts,
            tieOrder(ITEMS, stack.seed),
          ),
        };
  const pool = new CandidatePool({ depth: stack.depth, seenRemoved, recommended, ...groups });
  return new QueryView(own, pool, featuresOf({ members: own, table, catalogue, seenRemoved }));
}

function randomQueries(count: number): number[][] {
  const next = randomStream(4);
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + below(14, next()) }, () => below(below(2, next()) === 0 ? 8 : ITEMS, next())),
  );
}

const LONG = 1100;
const queries: readonly (readonly number[])[] = [
  ...randomQueries(60),
  // Items that stand beyond what is looked at, one of them again within it; codes nobody has.
  [7, 8, 9, ...Array.from({ length: LONG }, (_, i) => 10 + (i % 9)), 8],
  [-1],
  [3, -1],
  [-1, 3, -1, 2],
  [2],
  [2, 2],
];

/** What the view tells of a query, by name. */
function seen(view: QueryView, query: readonly number[]) {
  const found = view.see(Int32Array.from(query));
  if (found === undefined)
    return { items: [], features: new Map<number, Record<string, number>>(), gates: {} };
  const { names, gateNames, width } = view.features;
  return {
    items: [...found.items],
    features: new Map(
      Array.from(found.items, (item, i) => [
        item,
        Object.fromEntries(names.map((name, f) => [name, found.features[i * width + f] ?? NaN])),
      ]),
    ),
    gates: Object.fromEntries(gateNames.map((name, g) => [name, found.gates[g] ?? NaN])),
  };
}

function expectClose(
  actual: Readonly<Record<string, number>>,
  expected: Readonly<Record<string, number>>,
): void {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected)) expect(actual[name], name).toBeCloseTo(value, 4);
}

const cases: [string, PlainStack][] = [
  ['all features', stackOf({ timeOrdered: true })],
  ['seen items removed', stackOf({ seenRemoved: true })],
  [
    'neither groups nor vectors',
    ungrouped(stackOf({ members: members.filter(({ name }) => name !== 'finds') })),
  ],
  ['sparse members alone', stackOf({ members: members.slice(2) })],
  ['more places than there are items', stackOf({ depth: 500 })],
];

describe.each(cases)('what the stack sees of a query: %s', (_, stack) => {
  const view = viewOf(stack);

  test.each(queries.map((query) => [query.slice(-8).join(' '), query] as const))('… %s', (__, query) => {
    const { items, features, gates } = seen(view, query);
    const expected = plainCandidates(stack, query);
    expect(items.toSorted((a, b) => a - b)).toEqual(expected.toSorted((a, b) => a - b));
    if (items.length === 0) return;
    const wanted = plainFeatures(stack, { query, items });
    for (const [item, own] of features) expectClose(own, wanted.get(item) ?? {});
    expectClose(gates, plainGates(stack, { query, items }));
  });

  test('does not depend on what was asked before', () => {
    const forth = queries.map((query) => seen(view, query));
    const back = queries.toReversed().map((query) => seen(view, query));
    expect(back.toReversed()).toEqual(forth);
  });
});

describe('candidates', () => {
  const known = (): Scorer =>
    fakeDense({ items: range(0, 40), after: () => new Map(range(0, 40).map((i) => [i, i])) });
  const one = { name: 'one', open: known };
  const byNumber = (items: readonly number[]): number[] => items.toSorted((a, b) => a - b);

  test('are the best of each member and the newest thirty of the query', () => {
    const view = viewOf(ungrouped(stackOf({ members: [one], depth: 3 })));
    const query = [...range(0, 35), 3];
    expect(byNumber(seen(view, query).items)).toEqual(byNumber([3, ...range(6, 35), 37, 38, 39]));
  });

  test('are none of the query where seen items are removed, and as many as without it', () => {
    const view = viewOf(ungrouped(stackOf({ members: [one], depth: 3, seenRemoved: true })));
    expect(byNumber(seen(view, [39, 38, 36, 39, 2]).items)).toEqual([34, 35, 37]);
    for (const query of queries)
      expect(seen(view, query).items.filter((item) => query.includes(item))).toEqual([]);
  });

  test('are all items of the groups of the query, where these are few enough', () => {
    const stack = stackOf({ members: [one], depth: 3 });
    const items = seen(viewOf(stack), [8, 9, 22]).items;
    const ofGroups = range(0, 40).filter((item) => [8, 9].some((other) => groups[item] === groups[other]));
    expect(groups[22]).toBe(-1);
    expect(byNumber(items)).toEqual(byNumber([...new Set([...ofGroups, 8, 9, 22, 37, 38, 39])]));
  });

  test('are 300 of the groups of the query at most, those of the group with most of them first', () => {
    const of = Int32Array.from({ length: 1000 }, (_, item) => item % 4);
    const counts = Uint32Array.from(of, (_, item) => item % 7);
    const all = new GroupCandidates(of, new Uint8Array(1000).fill(1), counts, tieOrder(1000, 1));
    const found = all.of(Int32Array.of(2, 1, 5), 300, () => false);
    expect(new Set(found).size).toBe(300);
    expect(found.filter((item) => item % 4 === 1)).toHaveLength(250);
    const ofSecond = found.filter((item) => item % 4 === 2);
    expect(ofSecond).toHaveLength(50);
    // 36 of them have the most rows that there are, and 36 one less.
    expect(ofSecond.every((item) => item % 7 >= 5)).toBe(true);
    expect(all.of(Int32Array.of(2, 1, 5), 300, (item) => item % 2 === 0)).toHaveLength(250);
  });
});
