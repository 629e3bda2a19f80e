import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DatasetSpec } from '../../../src/protocol/dataset-spec.ts';
import { HIT_MARKS, MARK_DEPTH } from '../../../src/protocol/projection.ts';
import type { PreparedData } from '../../../src/pipeline/data/prepared-data.ts';
import { nextItemFlow } from '../../../src/pipeline/flows/next-item/next-item-flow.ts';
import { hitMarks, marksOf, splitMarks } from '../../../src/pipeline/projection/marks.ts';
import { openItemNames, openRunData } from '../../../src/pipeline/query/run-data.ts';
import { testQueriesOf } from '../../../src/pipeline/query/test-queries-of.ts';
import type { RunFolder } from '../../../src/pipeline/store/run-folder.ts';
import { runInProcess } from '../support/run-in-process.ts';
import { tinyPlaylists } from '../support/tiny-data.ts';
import { temporaryStore } from '../support/toy-store.ts';

const { store, folder, remove } = temporaryStore();
const signal = new AbortController().signal;
let run: RunFolder;
let data: PreparedData;

const spec: DatasetSpec = {
  ...{ format: 'csv', sequence: ['playlist'], item: ['artist', 'track'], order: ['position'] },
  ...{ group: 'artist', minimumLength: 3, sample: 1, split: { by: 'sequence', ratios: [0.6, 0.2, 0.2] } },
};

/** Two of three lists are of a summer, in two spellings. */
function withSeasons(csv: string): string {
  const seasons = ['Été 2019', 'winter', 'ete'];
  return csv.replaceAll(
    /^(u\d+),p(\d+),/gm,
    (_, user: string, playlist: string) => `${user},${seasons[Number(playlist) % 3] ?? ''} ${playlist},`,
  );
}

beforeAll(async () => {
  const file = path.join(folder, 'tiny.csv');
  fs.writeFileSync(file, withSeasons(tinyPlaylists()));
  const given = { deterministic: true, models: 'markov,popularity' };
  ({ run } = await runInProcess(store, { flow: nextItemFlow, data: file, given, spec }));
  data = await openRunData(run);
}, 120_000);
afterAll(remove);

const itemsOf = ({ sequences: { items, offsets } }: PreparedData, sequence: number): Int32Array =>
  items.subarray(offsets[sequence] ?? 0, offsets[sequence + 1] ?? 0);

describe('marks by part of the data', () => {
  it('are the newest part an item stands in', async () => {
    const { values } = await marksOf(run, data, 'markov', { by: 'split' }, signal);
    const { train, validation, test } = data.layout;
    const expected = new Uint32Array(data.layout.itemCount);
    for (let s = 0; s < train + validation + test; s++) {
      const part = s < train ? 0 : s < train + validation ? 1 : 2;
      for (const item of itemsOf(data, s)) expected[item] = Math.max(expected[item] ?? 0, part);
    }
    expect([...values]).toEqual([...expected]);
    expect(new Set(values).size).toBeGreaterThan(1);
  });

  it('by leave-one-out are the last item’s and the one’s before it', () => {
    const sequences = {
      items: Int32Array.from([0, 1, 2, 3, 3, 4, 0, 5]),
      offsets: Uint32Array.from([0, 4, 7, 8]),
    };
    const layout = { ...data.layout, itemCount: 6, leaveOneOut: true };
    expect([...splitMarks({ ...data, layout, sequences }).values]).toEqual([2, 0, 1, 2, 1, 2]);
  });
});

describe('marks by hit or miss', () => {
  it('tell how often an item was hit where it was asked for', () => {
    const targets = [0, 1, 1, 1, 2, 2, 3];
    const ranks = Int32Array.from([0, 1, 0, MARK_DEPTH + 1, 3, 0, MARK_DEPTH]);
    const tests = {
      ...testQueriesOf(run, data),
      count: targets.length,
      target: (q: number) => targets[q] ?? 0,
    };
    const { values, of } = hitMarks({ tests, ranks }, 5);
    expect([...values].map((mark) => HIT_MARKS[mark])).toEqual([
      'missed',
      'seldom',
      'often',
      'often',
      'notAsked',
    ]);
    expect(of).toBe(4);
  });

  it('are those of the model’s own ranks', async () => {
    const tests = testQueriesOf(run, data);
    const targets = new Set(Array.from({ length: tests.count }, (_, q) => tests.target(q)));
    const { values, of } = await marksOf(run, data, 'markov', { by: 'hits' }, signal);
    expect(of).toBe(targets.size);
    values.forEach((mark, item) => expect(mark > 0).toBe(targets.has(item)));
    await expect(marksOf(run, data, 'nobody', { by: 'hits' }, signal)).rejects.toThrow('was not evaluated');
  });
});

describe('marks by a word', () => {
  it('count the lists whose name holds it, whatever its case and accents, each once', async () => {
    const { values, of } = await marksOf(run, data, 'markov', { by: 'keyword', keyword: ' ETÉ ' }, signal);
    const all = data.layout.train + data.layout.validation + data.layout.test;
    expect(of).toBeGreaterThan(all / 3);
    expect(of).toBeLessThan(all);
    const names = await openItemNames(run);
    expect(values).toHaveLength(names.count);
    const total = values.reduce((sum, count) => sum + count, 0);
    expect(total).toBeGreaterThan(of);
    for (const count of values) expect(count).toBeLessThanOrEqual(of);
  });

  it('of no list are zeroes, and quotes are text', async () => {
    const { values, of } = await marksOf(run, data, 'markov', { by: 'keyword', keyword: "'; DROP" }, signal);
    expect(of).toBe(0);
    expect(values.every((count) => count === 0)).toBe(true);
    await expect(marksOf(run, data, 'markov', { by: 'keyword', keyword: ' ' }, signal)).rejects.toThrow(
      'No word',
    );
  });
});
