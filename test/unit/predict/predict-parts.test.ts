/** The parts of predictions that stream: batches of queries, work in flight, memory. */
import { describe, expect, it } from 'vitest';
import { withDuckDB } from '../../../src/pipeline/data/duckdb-session.ts';
import { inOrder } from '../../../src/pipeline/predict/in-flight.ts';
import { memoryPlan } from '../../../src/pipeline/predict/memory-plan.ts';
import { queryBatches, type QueryBatch } from '../../../src/pipeline/predict/query-batches.ts';

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

/** The queries of batches, with −1 for each unknown item at their ends. */
function queriesIn(batches: readonly QueryBatch[]): number[][] {
  return batches.flatMap(({ count, codes, starts, unknown }) =>
    Array.from({ length: count }, (_, q) => [
      ...codes.subarray(starts[q], starts[q + 1]),
      ...Array.from({ length: unknown[q] ?? 0 }, () => -1),
    ]),
  );
}

describe('queryBatches', () => {
  it('parts rows by their queries, across chunks and batches', async () => {
    const lengths = Array.from({ length: 900 }, (_, q) => 1 + ((q * 37) % 11));
    const expected = lengths.map((length, q) =>
      Array.from({ length }, (_, i) => (i === 0 && q % 5 === 0 ? -1 : q + i)).sort((a, b) =>
        a < 0 ? 1 : b < 0 ? -1 : 0,
      ),
    );
    const batches = await withDuckDB({ memoryLimit: 128, threads: 1 }, (session) =>
      all(
        queryBatches(
          session.chunks(
            `SELECT q::INTEGER, (CASE WHEN i = 0 AND q % 5 = 0 THEN -1 ELSE q + i END)::INTEGER FROM range(900) t(q), LATERAL (SELECT unnest(range(1 + (q * 37) % 11)) AS i) ORDER BY q, i`,
          ),
          { queries: 64, items: 300 },
        ),
      ),
    );
    expect(queriesIn(batches)).toEqual(expected);
    expect(Math.max(...batches.map(({ count }) => count))).toBeLessThanOrEqual(64);
    expect(batches.length).toBeGreaterThan(900 / 64);
  });
});

describe('inOrder', () => {
  const numbers = async function* (count: number): AsyncGenerator<number> {
    for (let i = 0; i < count; i++) yield await Promise.resolve(i);
  };

  it('gives results in the order of the parts, however long each takes, and holds few', async () => {
    let [begun, given, most] = [0, 0, 0];
    const results = inOrder(numbers(40), 4, async (part) => {
      most = Math.max(most, ++begun - given);
      await new Promise((resolve) => setTimeout(resolve, (part * 7) % 5));
      return part;
    });
    const found: number[] = [];
    for await (const result of results) {
      given++;
      found.push(result);
    }
    expect(found).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect(most).toBe(4);
  });

  it('fails with the first part that failed', async () => {
    const work = (part: number): Promise<number> =>
      part === 3 ? Promise.reject(new Error('third')) : Promise.resolve(part);
    await expect(all(inOrder(numbers(10), 4, work))).rejects.toThrow('third');
  });
});

describe('memoryPlan', () => {
  it('has as many threads as there is memory for, and gives DuckDB the rest', () => {
    expect(memoryPlan(16_000, 8, 1 << 20)).toEqual({ threads: 8, duckdb: 16_000 - 200 - 8 * 130 });
    expect(memoryPlan(1000, 8, 100 << 20)).toEqual({ threads: 1, duckdb: 1000 - 200 - 328 });
    expect(memoryPlan(512, 8, 2 ** 30)).toEqual({ threads: 1, duckdb: 256 });
  });
});
