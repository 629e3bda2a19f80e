import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/protocol/user-error.ts';
import { ExactIndex, type ExactIndexOptions } from '../../../src/pipeline/neighbours/exact-index.ts';
import { normalise } from '../../../src/pipeline/neighbours/normalise.ts';
import {
  clusteredVectors,
  float64Score,
  randomVectors,
  referenceSearch,
  rowsOf,
} from './reference-search.ts';

function indexOf(vectors: Float32Array, dimensions: number, options?: ExactIndexOptions): ExactIndex {
  return new ExactIndex(vectors, dimensions, options);
}

const plain = ({
  rows,
  scores,
}: {
  rows: Int32Array;
  scores: Float32Array;
}): { rows: number[]; scores: number[] } => ({
  rows: [...rows],
  scores: [...scores],
});

const data: [string, number, number, (count: number, dimensions: number) => Float32Array][] = [
  ['random, 48 dimensions', 3001, 48, (n, d) => randomVectors(n, d, 1)],
  ['random, 47 dimensions', 1100, 47, (n, d) => randomVectors(n, d, 2)],
  ['random, 1 dimension', 700, 1, (n, d) => randomVectors(n, d, 3)],
  ['random, 300 dimensions', 600, 300, (n, d) => randomVectors(n, d, 4)],
  ['clustered, 48 dimensions', 3000, 48, (n, d) => clusteredVectors(n, d, 30, 5)],
  ['clustered, 10 dimensions', 1500, 10, (n, d) => clusteredVectors(n, d, 7, 6)],
];

describe.each(data)('%s', (_, count, dimensions, make) => {
  const vectors = make(count, dimensions);
  normalise(vectors, dimensions);
  const queries = vectors.slice(0, 41 * dimensions);
  queries.set(randomVectors(4, dimensions, 99), 10 * dimensions);

  // The best 100, once; fewer are a part of them.
  const best = referenceSearch(vectors, queries, dimensions, 100);
  const expectedFor = (k: number): typeof best => ({
    rows: best.rows.filter((_, i) => i % 100 < k),
    scores: best.scores.filter((_, i) => i % 100 < k),
  });

  test.each([1, 10, 100])('the %i best are those of a plain search, bit for bit', (k) => {
    const expected = expectedFor(k);
    for (const options of [
      {},
      { deterministic: true },
      { prune: false },
      { prune: false, deterministic: true },
    ]) {
      expect(plain(indexOf(vectors, dimensions, options).search(queries, k))).toEqual(expected);
    }
  });

  test.each([0, 1, 3, 4, 5, 1030])('scores of %i rows have the bits of dense scores', (wanted) => {
    const index = indexOf(vectors, dimensions);
    const asked = queries.subarray(0, 3 * dimensions);
    const all = new Float32Array(3 * count);
    index.scoreBlock(asked, all);
    const rows = Int32Array.from({ length: wanted }, (__, i) => (i * 7919) % count);
    const expected = [0, 1, 2].flatMap((q) => Array.from(rows, (row) => all[q * count + row]));
    expect([...index.scoreRows(asked, rows)]).toEqual(expected);
    const first = index.scoreRows(asked.subarray(0, dimensions), rows);
    expect([...first]).toEqual(expected.slice(0, wanted));
  });

  test('dense scores have the bits of search scores, and are right', () => {
    const index = indexOf(vectors, dimensions);
    const count5 = 5;
    const out = new Float32Array(count5 * count);
    index.scoreBlock(queries.subarray(0, count5 * dimensions), out);
    const found = index.search(queries.subarray(0, count5 * dimensions), 50);
    found.rows.forEach((row, i) => {
      expect(out[Math.floor(i / 50) * count + row]).toBe(found.scores[i]);
    });
    const items = rowsOf(vectors, dimensions);
    rowsOf(queries, dimensions)
      .slice(0, count5)
      .forEach((query, q) => {
        items.forEach((item, row) => {
          expect(Math.abs((out[q * count + row] ?? NaN) - float64Score(query, item))).toBeLessThan(1e-4);
        });
      });
  });
});

describe('ties', () => {
  test('equal scores are ordered by row, also when there are more ties than room', () => {
    const vectors = new Float32Array(5000 * 8).fill(0.25);
    const { rows, scores } = indexOf(vectors, 8).search(vectors.slice(0, 16), 7);
    expect([...rows]).toEqual([0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6]);
    expect(new Set(scores)).toEqual(new Set([0.5]));
  });

  test('many copies of few vectors', () => {
    const few = randomVectors(5, 12, 8);
    const vectors = Float32Array.from({ length: 2000 * 12 }, (_, i) => few[i % few.length] ?? 0);
    expect(plain(indexOf(vectors, 12).search(few, 30))).toEqual(referenceSearch(vectors, few, 12, 30));
  });

  test('+0 and −0 are a tie', () => {
    const vectors = new Float32Array([0, -1, 0, 1, 0, -1, 0, 1]);
    const { rows } = indexOf(vectors, 2).search(new Float32Array([1, 0]), 4);
    expect([...rows]).toEqual([0, 1, 2, 3]);
  });
});

describe('edges', () => {
  test('k above the number of rows pads with −1 and −Infinity', () => {
    for (const count of [3, 600]) {
      const vectors = randomVectors(count, 5, 10);
      const queries = vectors.slice(0, 15);
      const expected = referenceSearch(vectors, queries, 5, count + 3);
      expect(plain(indexOf(vectors, 5).search(queries, count + 3))).toEqual(expected);
    }
  });

  test('one item', () => {
    const { rows, scores } = indexOf(new Float32Array([3, 4]), 2).search(new Float32Array([1, 2]), 1);
    expect([...rows]).toEqual([0]);
    expect([...scores]).toEqual([11]);
  });

  test('no item, no query', () => {
    expect([...indexOf(new Float32Array(0), 2).search(new Float32Array([1, 2]), 2).rows]).toEqual([-1, -1]);
    expect(indexOf(new Float32Array([1, 2]), 2).search(new Float32Array(0), 2).rows).toHaveLength(0);
  });

  test('a zero query and zero vectors', () => {
    const vectors = randomVectors(700, 6, 11);
    vectors.fill(0, 12, 30);
    normalise(vectors, 6);
    expect([...vectors.subarray(12, 30)]).toEqual(new Array(18).fill(0));
    const queries = new Float32Array([0, 0, 0, 0, 0, 0, 1, -1, 2, 0, 0, 1]);
    expect(plain(indexOf(vectors, 6).search(queries, 8))).toEqual(referenceSearch(vectors, queries, 6, 8));
  });

  test('lengths of very different size', () => {
    const vectors = randomVectors(900, 16, 12).map((x, i) => x * 10 ** ((Math.floor(i / 16) % 13) - 6));
    const queries = vectors.slice(0, 20 * 16);
    expect(plain(indexOf(vectors, 16).search(queries, 25))).toEqual(
      referenceSearch(vectors, queries, 16, 25),
    );
  });

  test.each([1e-23, 1e-19, 1e15])('coordinates of size %d', (size) => {
    const vectors = clusteredVectors(900, 16, 5, 22).map((x) => x * size);
    const queries = vectors.slice(0, 20 * 16);
    expect(plain(indexOf(vectors, 16).search(queries, 25))).toEqual(
      referenceSearch(vectors, queries, 16, 25),
    );
  });

  test('excluded rows never come back, whatever their order', () => {
    const vectors = clusteredVectors(800, 8, 4, 13);
    const queries = vectors.slice(0, 24);
    const exclude = [
      new Int32Array([8, 0, 4, 799]),
      new Int32Array(0),
      Int32Array.from({ length: 798 }, (_, i) => i),
    ];
    const expected = referenceSearch(vectors, queries, 8, 5, exclude);
    expect(plain(indexOf(vectors, 8).search(queries, 5, { exclude }))).toEqual(expected);
    expect(expected.rows.slice(10)).toContain(-1);
  });

  test.each([
    ['random', randomVectors(3000, 24, 15)],
    ['clustered', clusteredVectors(3000, 24, 20, 16)],
    ['few, with ties', Float32Array.from({ length: 2000 * 24 }, (_, i) => ((i * 7) % 5) - 2)],
  ])('rows below a floor are left out, and the first k above it will do (%s)', (_, vectors) => {
    const [count, k] = [24, 30];
    const queries = vectors.slice(0, count * 24);
    const all = referenceSearch(vectors, queries, 24, vectors.length / 24);
    const size = vectors.length / 24;
    // From the very best to far down; of every fourth query any row counts.
    const floors = Float32Array.from({ length: count }, (__, q) =>
      q % 4 === 3 ? -Infinity : (all.scores[q * size + q * q] ?? 0),
    );
    const exclude = Array.from({ length: count }, (__, q) =>
      Int32Array.from(all.rows.slice(q * size, q * size + (q % 3))),
    );
    const expected = referenceSearch(vectors, queries, 24, size, exclude);
    for (const options of [{}, { deterministic: true }, { prune: false }]) {
      const index = indexOf(vectors, 24, options);
      const found = index.search(queries, k, { floors, exclude });
      for (let q = 0; q < count; q++) {
        const ranked = expected.scores.slice(q * size, (q + 1) * size);
        const reaching = ranked.filter((score) => score >= (floors[q] ?? 0)).length;
        const rows = [...found.rows.subarray(q * k, (q + 1) * k)];
        const scores = [...found.scores.subarray(q * k, (q + 1) * k)];
        if (floors[q] === -Infinity || reaching < k) {
          const kept = Math.min(k, reaching);
          expect(rows.slice(0, kept)).toEqual(expected.rows.slice(q * size, q * size + kept));
          expect(scores.slice(0, kept)).toEqual(ranked.slice(0, kept));
          expect(rows.slice(kept).every((row) => row === -1)).toBe(true);
          continue;
        }
        expect(new Set(rows).size).toBe(k);
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
        rows.forEach((row, i) => {
          const at = expected.rows.indexOf(row, q * size);
          expect(scores[i]).toBe(expected.scores[at]);
          expect(scores[i]).toBeGreaterThanOrEqual(floors[q] ?? 0);
        });
      }
    }
  });

  test('floors that are no numbers, or not one a query, are refused', () => {
    const index = indexOf(randomVectors(30, 4, 17), 4);
    const queries = randomVectors(2, 4, 18);
    for (const floors of [[1], [1, 2, 3], [1, NaN]])
      expect(() => index.search(queries, 3, { floors: Float32Array.from(floors) })).toThrow(RangeError);
  });

  test('a later, larger search does not disturb the results of an earlier one', () => {
    const vectors = randomVectors(2000, 20, 14);
    const index = indexOf(vectors, 20);
    const small = index.search(vectors.slice(0, 60 * 20), 3);
    const large = index.search(vectors.slice(0, 80), 1500);
    expect(plain(index.search(vectors.slice(0, 40), 1000))).toEqual(
      referenceSearch(vectors, vectors.slice(0, 40), 20, 1000),
    );
    expect(plain(small)).toEqual(referenceSearch(vectors, vectors.slice(0, 60 * 20), 20, 3));
    expect(plain(large)).toEqual(referenceSearch(vectors, vectors.slice(0, 80), 20, 1500));
  });

  test('a copy of a vector', () => {
    expect([...indexOf(new Float32Array([1, 2, 3, 4, 5, 6]), 3).vector(1)]).toEqual([4, 5, 6]);
    expect(() => indexOf(new Float32Array(3), 3).vector(1)).toThrow(RangeError);
  });
});

describe('pruning changes nothing', () => {
  const spectra: [string, (axis: number) => number][] = [
    ['flat', () => 1],
    ['falling', (axis) => 0.8 ** axis],
    ['steep', (axis) => 0.3 ** axis],
    ['of two directions', (axis) => (axis < 2 ? 1 : 1e-4)],
  ];
  test.each(spectra)('on a spectrum that is %s', (_, strength) => {
    for (const [dimensions, seed] of [
      [40, 30],
      [64, 31],
      [100, 32],
    ] as const) {
      const vectors = randomVectors(2500, dimensions, seed).map(
        (x, i) => x * strength(i % dimensions) + 0.02,
      );
      if (seed % 2 === 0) normalise(vectors, dimensions);
      const queries = vectors.slice(0, 150 * dimensions);
      queries.set(randomVectors(20, dimensions, seed + 9));
      const pruned = plain(indexOf(vectors, dimensions).search(queries, 15));
      expect(pruned).toEqual(plain(indexOf(vectors, dimensions, { prune: false }).search(queries, 15)));
      expect(pruned).toEqual(
        plain(indexOf(vectors, dimensions, { deterministic: true }).search(queries, 15)),
      );
    }
  });
});

/** Their rows wait for their scores until all codes are met. */
describe('a query that comes alone', () => {
  const ofSizes = (x: number, i: number): number => x * 10 ** ((Math.floor(i / 16) % 13) - 6);
  const few = randomVectors(3, 16, 40);
  const sets: [string, Float32Array][] = [
    ['random', randomVectors(2000, 16, 41)],
    ['clustered', clusteredVectors(2000, 16, 9, 42)],
    ['few, with ties', Float32Array.from({ length: 2000 * 16 }, (_, i) => few[i % few.length] ?? 0)],
    ['all the same', new Float32Array(2000 * 16).fill(0.25)],
    ['lengths of very different size', randomVectors(2000, 16, 43).map(ofSizes)],
    ['too small for float32', clusteredVectors(2000, 16, 9, 44).map((x) => x * 1e-23)],
    ['long', clusteredVectors(2000, 16, 9, 45).map((x) => x * 1e15)],
    ['one that is longer than all others', randomVectors(2000, 16, 46).map((x, i) => (i < 16 ? 1e6 * x : x))],
    ['few rows', randomVectors(601, 16, 47)],
  ];
  test.each(sets)('gets what it gets among others (%s)', (_, vectors) => {
    const count = 6;
    const queries = vectors.slice(0, count * 16);
    queries.fill(0, 16, 32);
    for (const k of [1, 20, 300, 1900]) {
      const best = referenceSearch(vectors, queries, 16, 30).rows;
      const exclude = Array.from({ length: count }, (__, q) =>
        Int32Array.from(best.slice(q * 30, q * 30 + 13 * (q % 3))),
      );
      const expected = referenceSearch(vectors, queries, 16, k, exclude);
      for (const options of [{}, { deterministic: true }]) {
        const index = indexOf(vectors, 16, options);
        for (let q = 0; q < count; q++) {
          const query = queries.subarray(q * 16, (q + 1) * 16);
          const found = index.search(query, k, { exclude: exclude.slice(q, q + 1) });
          expect([...found.rows]).toEqual(expected.rows.slice(q * k, (q + 1) * k));
          expect([...found.scores]).toEqual(expected.scores.slice(q * k, (q + 1) * k));
        }
      }
    }
  });
});

describe('refusals', () => {
  test('NaN and infinity among the vectors, with the row', () => {
    const vectors = randomVectors(50, 9, 15);
    vectors[9 * 31 + 8] = NaN;
    expect(() => new ExactIndex(vectors, 9)).toThrow(/row 31/);
    vectors[9 * 31 + 8] = -Infinity;
    expect(() => new ExactIndex(vectors, 9)).toThrow(UserError);
  });

  test('NaN in a query, wrong shapes, wrong k', () => {
    const index = indexOf(randomVectors(5, 4, 16), 4);
    expect(() => index.search(new Float32Array([1, 2, NaN, 4]), 1)).toThrow(RangeError);
    expect(() => index.search(new Float32Array([1e38, 1e38, 1e38, 0]), 1)).toThrow(RangeError);
    expect(() => index.search(new Float32Array(5), 1)).toThrow(RangeError);
    expect(() => index.search(new Float32Array(4), 0)).toThrow(RangeError);
    expect(() => index.search(new Float32Array(4), 1, { exclude: [] })).toThrow(RangeError);
    expect(() => index.scoreBlock(new Float32Array(8), new Float32Array(9))).toThrow(RangeError);
    expect(() => new ExactIndex(new Float32Array(5), 4)).toThrow(RangeError);
  });

  test('more than 4 GB is refused before anything is allocated', () => {
    const vectors = new Float32Array(0);
    Object.defineProperty(vectors, 'length', { value: 2e9 });
    expect(() => new ExactIndex(vectors, 100)).toThrow(/20,000,000 vectors of 100 dimensions need 8\.\d GB/);
  });
});
