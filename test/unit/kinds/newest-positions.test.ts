import { describe, expect, test } from 'vitest';
import { encoderMemory } from '../../../src/pipeline/kinds/recency-encoder/memory.ts';
import { recencyEncoder } from '../../../src/pipeline/kinds/recency-encoder/kind.ts';
import {
  leastPositions,
  newestPositions,
} from '../../../src/pipeline/kinds/recency-encoder/newest-positions.ts';
import {
  encoderParameters,
  type EncoderParameters,
} from '../../../src/pipeline/kinds/recency-encoder/parameters.ts';
import { chooseSizes } from '../../../src/pipeline/kinds/recency-encoder/sizes.ts';
import { buildTrainingSet } from '../../../src/pipeline/kinds/recency-encoder/training-set.ts';
import { defaultsOf } from '../../../src/protocol/parameters.ts';
import { flatten } from '../kernels/word2vec-harness.ts';
import { fitted, silentReporter } from '../support/fitted.ts';
import { preparedFrom } from '../support/prepared-from.ts';

/** 60 lists of 500 rows over 100 items: 120 newest positions an item, 300 of all. */
const long = { lengths: Array<number>(60).fill(500), items: 100, askedAtEnd: true };

describe('how much of long lists the encoder learns from', () => {
  test.each([
    ['asked at their ends, items standing there often: the newest', long, 200],
    ['asked everywhere: all', { ...long, askedAtEnd: false }, Infinity],
    ['few positions an item at the ends: all', { ...long, items: 401 }, Infinity],
    ['just enough of them: the newest', { ...long, items: 400 }, 200],
    ['lists that are short: all, which are the newest', { ...long, lengths: [5, 9], items: 100 }, Infinity],
  ])('%s', (_, lists, newest) => {
    expect(newestPositions(0, lists)).toBe(newest);
    expect(newestPositions(7, lists)).toBe(7);
  });

  test('the fewest that may be left are never more than are left', () => {
    for (const items of [10, 100, 400, 401, 5000]) {
      const lists = { ...long, items };
      const positions = 60 * 499;
      const newest = newestPositions(0, lists);
      const left = 60 * Math.min(499, newest);
      const least = leastPositions(0, { positions, lists: 60, items, askedAtEnd: true });
      expect(least, `${items}`).toBeLessThanOrEqual(left);
    }
    expect(leastPositions(0, { positions: 99, lists: 60, items: 1, askedAtEnd: false })).toBe(99);
    expect(leastPositions(3, { positions: 99, lists: 60, items: 1, askedAtEnd: true })).toBe(60);
  });

  test('targets are the newest rows of each list, and queries reach back to its beginning', async () => {
    const lists = [
      [0, 1, 2, 3, 4],
      [5, 6],
      [1, 2, 1, 3],
    ];
    const all = { minCount: 1, skipRepeats: true };
    const { tokens, positions, starts } = await buildTrainingSet(flatten(lists), 7, { ...all, newest: 2 });
    expect(Array.from(positions, (at) => [at, starts[at]])).toEqual([
      [3, 0],
      [4, 0],
      [6, 5],
      // Its row before is a repeat.
      [10, 7],
    ]);
    expect(tokens).toHaveLength(11);
    expect((await buildTrainingSet(flatten(lists), 7, all)).positions).toHaveLength(7);
  });

  test('a fit by leave-one-out says so, and keeps what it chose', async () => {
    const said: string[] = [];
    const reporter = { ...silentReporter, info: (message: string) => said.push(message) };
    const lists = Array.from({ length: 12 }, (_, s) =>
      Array.from({ length: 260 }, (__, k) => (s * 17 + k * 3) % 20),
    );
    const parameters = { vectorSize: 8, heads: 1, epochs: 1, tune: false, negatives: 4 };
    const { result, remove } = await fitted(recencyEncoder, preparedFrom(lists, { leaveOneOut: true }), {
      parameters,
      reporter,
      // Repeats are kept, so that there is something to learn.
      seen: 'kept',
    });
    expect(said.join('\n')).toContain('Learning from the newest 200 rows of each list: 2400 of');
    expect(result.parameters).toMatchObject({ newest: 200 });
    await remove();
  });

  test('the memory is that of the widest vectors which what is left may afford', () => {
    const [items, rows, lists] = [3400, 1_020_000, 6000];
    const size = {
      ...{ items, rows, trainRows: rows, sequences: lists, trainSequences: lists, leaveOneOut: true },
      trainCounts: new Uint32Array(items).fill(rows / items),
    };
    const need = (asked: Partial<EncoderParameters>): number =>
      encoderMemory.fit(size, { ...defaultsOf(encoderParameters), ...asked }, 2);
    // 128 dimensions are chosen where 120 rows of each list are left.
    const chosen = { vectorSize: 128, negatives: 256, heads: 1, newest: 200 };
    expect(need({})).toBeGreaterThanOrEqual(need(chosen));
    expect(need({})).toBeLessThan(4 * need(chosen));
  });

  test('vectors are wider where each item has many positions', () => {
    const parameters = { ...defaultsOf(encoderParameters) };
    const films = { items: 3400, positions: 720_000, historyItems: 40 };
    expect(chooseSizes(parameters, films, true)).toMatchObject({ dimensions: 128, negatives: 256 });
    expect(chooseSizes(parameters, { ...films, items: 10_000 }, true)).toMatchObject({ dimensions: 64 });
  });
});
