import { describe, expect, it } from 'vitest';
import { measureNearCopies } from '../../../src/pipeline/data/near-copies.ts';
import type { PartedSequences } from '../../../src/pipeline/data/near-copies.ts';
import { below, randomStream } from '../../../src/pipeline/seeded-random.ts';
import type { NearCopies } from '../../../src/protocol/held-out.ts';

type Sequence = readonly number[];

interface Parts {
  readonly train: readonly Sequence[];
  readonly validation?: readonly Sequence[];
  readonly test: readonly Sequence[];
}

function sequencesOf({ train, validation = [], test }: Parts): PartedSequences {
  const all = [...train, ...validation, ...test];
  const items = Int32Array.from(all.flat());
  const offsets = new Uint32Array(all.length + 1);
  all.forEach((sequence, s) => (offsets[s + 1] = (offsets[s] ?? 0) + sequence.length));
  return {
    ...{ offsets, itemCount: items.reduce((most, item) => Math.max(most, item), 0) + 1 },
    parts: { train: train.length, validation: validation.length, test: test.length },
    read: (from, to) => items.subarray(from, to),
  };
}

async function measured(parts: Parts, seed = 1): Promise<NearCopies> {
  return await measureNearCopies(sequencesOf(parts), seed, () => Promise.resolve());
}

/** So many sequences of items that no other has. */
function others(count: number, length = 10, first = 10_000): Sequence[] {
  return Array.from({ length: count }, (_, s) => Array.from({ length }, (_, i) => first + s * length + i));
}

const items = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe('a near copy in training', () => {
  it.each([
    ['the same', items(0, 10), items(0, 10)],
    ['the same in another order, with repeats', items(0, 10), [...items(0, 10).reverse(), 3, 3]],
    ['a state before it grew to twice', items(0, 20), items(0, 10)],
    ['a later state, three times as long', items(0, 10), items(0, 30)],
    ['one with half of its items', items(0, 10), [...items(0, 5), ...items(50, 55)]],
    ['all of five items', items(0, 5), items(0, 5)],
  ])('is %s', async (_, test, copy) => {
    const { test: found } = await measured({ train: [...others(100), copy], test: [test] });
    expect(found).toEqual({ sequences: 1, drawn: 1, looked: 1, near: 1 });
  });

  it.each([
    ['one with fewer than half of its items', items(0, 12), [...items(0, 5), ...items(50, 57)]],
    ['one with four of five', items(0, 5), [0, 1, 2, 3, 50]],
  ])('is not %s', async (_, test, other) => {
    const { test: found } = await measured({ train: [...others(100), other], test: [test] });
    expect(found).toMatchObject({ looked: 1, near: 0 });
  });

  it('is not the other half in another sequence: one has to hold them', async () => {
    const train = [...others(100), items(0, 4), items(4, 8), items(8, 12)];
    expect((await measured({ train, test: [items(0, 12)] })).test.near).toBe(0);
  });

  it('is not looked for where fewer than five different items say nothing', async () => {
    const test = [items(0, 4), [0, 1, 0, 1, 0, 1, 2], items(0, 5)];
    const { test: found } = await measured({ train: [...others(100), items(0, 9)], test });
    expect(found).toEqual({ sequences: 3, drawn: 3, looked: 1, near: 1 });
  });

  it('is counted by part', async () => {
    const found = await measured({
      train: [...others(50), items(0, 8)],
      validation: [items(0, 8), items(20, 28)],
      test: [items(20, 28), items(0, 8), items(0, 8)],
    });
    expect([found.validation.near, found.test.near]).toEqual([1, 2]);
  });
});

describe('what chance gives is no copy', () => {
  /** Baskets of so many of the items, each as likely as any. */
  function baskets(count: number, size: number, catalogue: number, seed: number): Sequence[] {
    const draw = randomStream(seed);
    return Array.from({ length: count }, () => Array.from({ length: size }, () => below(catalogue, draw())));
  }

  it('in baskets of a few staple goods, though nearly all of a basket stands in others', async () => {
    const { test } = await measured({ train: baskets(2000, 8, 15, 1), test: baskets(100, 8, 15, 2) });
    expect(test).toMatchObject({ drawn: 100, near: 0 });
  });

  it('in sessions of popular items', async () => {
    const popular = (count: number, seed: number): Sequence[] => {
      const draw = randomStream(seed);
      // Item n about as often as 1 / (n + 1).
      return Array.from({ length: count }, () =>
        Array.from({ length: 7 }, () => Math.floor(300 ** (below(1 << 20, draw()) / (1 << 20)))),
      );
    };
    const { test } = await measured({ train: popular(3000, 1), test: popular(200, 2) });
    expect(test.looked).toBeGreaterThan(150);
    expect(test.near).toBeLessThanOrEqual(4);
  });

  it('in a sequence so long that it holds most of all there is', async () => {
    const train = [...baskets(200, 10, 500, 1), items(0, 400)];
    const { test } = await measured({ train, test: baskets(100, 10, 400, 2) });
    expect(test.near).toBe(0);
  });
});

/** Whether so much of a sequence is in one of training, by looking at every pair; without regard to chance. */
function hasCopy(sequence: Sequence, train: readonly Sequence[]): boolean {
  const distinct = new Set(sequence);
  const enough = Math.max(5, Math.ceil(distinct.size / 2));
  return train.some((other) => new Set(other.filter((item) => distinct.has(item))).size >= enough);
}

describe('looking at many', () => {
  /** Items so many that none stands in two sequences by chance; some sequences are made of another. */
  function someCopies(count: number, of: readonly Sequence[], seed: number): Sequence[] {
    const draw = randomStream(seed);
    const any = (bound: number): number => below(bound, draw());
    return Array.from({ length: count }, () => {
      const own = Array.from({ length: 5 + any(20) }, () => any(1 << 16));
      const source = of[any(Math.max(1, of.length))] ?? [];
      return any(3) === 0 ? [...own.slice(0, any(12)), ...source.slice(any(source.length))] : own;
    });
  }
  const train = someCopies(3000, [], 1);

  it.each([2, 3, 4])('finds just what comparing every pair finds: %i', async (seed) => {
    const [validation, test] = [someCopies(150, train, seed), someCopies(200, train, seed + 100)];
    const found = await measured({ train, validation, test });
    const truth = (part: readonly Sequence[]): number =>
      part.filter((sequence) => new Set(sequence).size >= 5 && hasCopy(sequence, train)).length;
    expect([found.validation.near, found.test.near]).toEqual([truth(validation), truth(test)]);
    expect(found.test.near).toBeGreaterThan(20);
  });

  it('draws of very many by the seed alone, and the share stays about what it is', async () => {
    const fresh = others(12_000, 8);
    const test = fresh.map((sequence, n) => (n % 3 === 0 ? (fresh[n + 1] ?? []) : sequence));
    const train = fresh.filter((_, n) => n % 3 === 1).map((sequence) => sequence.slice(1));
    // Two of three stand in training, but for an item.
    const [one, again, other] = [
      await measured({ train, test }),
      await measured({ train, test }),
      await measured({ train, test }, 2),
    ];
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
    expect(one.test.looked).toBe(2000);
    expect(Math.abs(one.test.near / one.test.looked - 2 / 3)).toBeLessThan(0.02);
  });
});
