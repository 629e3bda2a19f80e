import { expect, test } from 'vitest';
import { remembering } from '../../../src/pipeline/kinds/recency-encoder/remembering.ts';
import type { VectorSearch } from '../../../src/pipeline/kinds/ranking/vector-search.ts';

/** Counts how often a vector is made: that of the sum of its items, half of it by the last one alone. */
function counted(): { fill: VectorSearch['fill']; made: () => number } {
  let made = 0;
  return {
    fill(query, rule, out) {
      made++;
      out[0] = rule === 'last-item' ? (query.at(-1) ?? 0) / 2 : query.reduce((sum, item) => sum + item, 0);
      return query.length > 0;
    },
    made: () => made,
  };
}

test('the vector of the query asked last is not made again, that of any other is', () => {
  const { fill, made } = counted();
  const remembered = remembering(1, fill);
  const query = Int32Array.of(1, 2, 3);
  const out = new Float32Array(1);
  const vectorOf = (asked: Int32Array, rule: 'decayed-list' | 'last-item' = 'decayed-list'): number => {
    out.fill(-1);
    expect(remembered(asked, rule, out)).toBe(asked.length > 0);
    return out[0] ?? NaN;
  };
  expect(vectorOf(query)).toBe(6);
  expect(vectorOf(query.slice())).toBe(6);
  expect(made()).toBe(1);
  expect(vectorOf(query, 'last-item')).toBe(1.5);
  expect(vectorOf(query)).toBe(6);
  // The same array, with other items in it.
  query[0] = 9;
  expect(vectorOf(query)).toBe(14);
  expect(vectorOf(query.subarray(1))).toBe(5);
  expect(vectorOf(new Int32Array(0))).toBe(0);
  expect(made()).toBe(6);
});

test('very long queries are made each time', () => {
  const { fill, made } = counted();
  const remembered = remembering(1, fill);
  const query = new Int32Array(2000).fill(1);
  const out = new Float32Array(1);
  for (const _ of [1, 2]) {
    remembered(query, 'decayed-list', out);
    expect(out[0]).toBe(2000);
  }
  expect(made()).toBe(2);
});
