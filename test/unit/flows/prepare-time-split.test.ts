/** A split in time: nothing of a part is as late as the first of the next, in whatever way rows are put in order. */
import * as path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { DatasetSpec } from '../../../src/protocol/dataset-spec.ts';
import { below, randomStream } from '../../../src/pipeline/seeded-random.ts';
import { prepared, query, temporaryFolder } from './prepare-runner.ts';
import type { Prepared } from './prepare-runner.ts';

interface Row {
  readonly sequence: string;
  readonly item: string;
  readonly time: number | null;
}

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});

/** Writes rows in the order given; `p` is their place in it, so that an order by time and place is that of the file. */
async function write(name: string, rows: readonly Row[]): Promise<string> {
  const file = path.join(folder, name);
  const values = rows.map(
    ({ sequence, item, time }, place) => `('${sequence}', '${item}', ${time ?? 'NULL'}::BIGINT, ${place})`,
  );
  await query(
    `COPY (SELECT * FROM (VALUES ${values.join(', ')}) AS t(s, i, t, p)) TO '${file}' (FORMAT parquet)`,
  );
  return file;
}

function spec(split: Partial<DatasetSpec['split']> = {}, changes: Partial<DatasetSpec> = {}): DatasetSpec {
  const plain = {
    format: 'parquet',
    sequence: ['s'],
    item: ['i'],
    order: ['t'],
    time: 't',
    minimumLength: 2,
  };
  return DatasetSpec.parse({ ...plain, split: { by: 'time', ...split }, ...changes });
}

/** `train a 1 2 3`: part, sequence and items of each. */
function parts({ named }: Prepared): string[] {
  return named.map(({ split, key, items }) => [split, key[0], ...items].join(' '));
}

/** Items are named `<name>@<time>`, so that a row's time can be read off what prepare wrote; NaN: it has none. */
function timeIn(item: string): number {
  const text = item.slice(item.indexOf('@') + 1);
  return text === '' ? Number.NaN : Number(text);
}

function timesOf(found: Prepared, ...splits: string[]): number[] {
  return found.named.flatMap(({ split, items }) => (splits.includes(split) ? items.map(timeIn) : []));
}

function timed(sequence: string, times: readonly (number | null)[]): Row[] {
  return times.map((time, n) => ({ sequence, item: `${sequence}${n}@${time ?? ''}`, time }));
}

describe('a split by time', () => {
  const five = [
    ...timed('a', [1, 2, 30]),
    ...timed('b', [3, 4, 21, 22]),
    ...timed('c', [5, 20]),
    ...timed('d', [20, 24, 25, 31]),
    ...timed('e', [25, 26]),
  ];
  const shares = { ratios: [0.6, 0.2, 0.2] as [number, number, number] };

  it('cuts rows of earlier parts from the boundary on, drops what is then too short, and counts it', async () => {
    const found = await prepared(await write('five.parquet', five), spec(shares));
    expect(parts(found)).toEqual([
      'train a a0@1 a1@2',
      'train b b0@3 b1@4',
      'validation d d0@20 d1@24',
      'test e e0@25 e1@26',
    ]);
    expect(found.profile).toMatchObject({
      rows: 9,
      items: 9,
      sequences: 4,
      heldOut: {
        boundaries: {
          ...{ validationFrom: '20', testFrom: '25', straddling: 'cut' },
          ...{ sequences: 4, rowsCut: 6, of: 15, sequencesDropped: 1 },
        },
      },
    });
    expect(found.warnings.join()).toMatch(/leaves out 6 rows \(40 %\)/);
  });

  it('or drops the sequences that go on after it', async () => {
    const rows = [...five, ...timed('f', [6, 7]), ...timed('g', [21, 23])];
    const found = await prepared(
      await write('dropped.parquet', rows),
      spec({ ratios: [0.58, 0.28, 0.14], straddling: 'drop' }),
    );
    expect(parts(found)).toEqual(['train f f0@6 f1@7', 'validation g g0@21 g1@23', 'test e e0@25 e1@26']);
    expect(found.profile).toMatchObject({
      ...{ rows: 6, items: 6, sequencesTotal: 7, sequences: 3 },
      heldOut: { boundaries: { straddling: 'drop', sequences: 4, rowsCut: 13, of: 19, sequencesDropped: 4 } },
    });
  });

  it('is refused where that leaves nothing, with the true reason', async () => {
    const rows = timed('a', [1, 9]).concat(timed('b', [2, 9]), timed('c', [3, 4]), timed('d', [5, 6]));
    const file = await write('none.parquet', rows);
    const ratios: [number, number, number] = [0.5, 0.25, 0.25];
    await expect(prepared(file, spec({ ratios }))).rejects.toThrow(
      /leaves no train rows: 2 of 4 sequences have fewer than 2 rows before the next part begins/,
    );
    await expect(prepared(file, spec({ ratios, straddling: 'drop' }))).rejects.toThrow(
      /leaves no train rows: 2 of 4 sequences go on after the next part begins, and were dropped/,
    );
  });

  it('parts no sequences that begin at the same time: the boundary is the nearest time at which some begin', async () => {
    const rows = [1, 2, 2, 2, 2, 2, 2, 3, 4, 5].flatMap((time, n) => timed(`s${n}`, [time, time]));
    const found = await prepared(await write('ties.parquet', rows), spec());
    expect(timesOf(found, 'train')).toEqual([1, 1, ...Array.from({ length: 12 }, () => 2)]);
    expect(timesOf(found, 'validation')).toEqual([3, 3, 4, 4]);
    expect(timesOf(found, 'test')).toEqual([5, 5]);
  });

  it('is refused where too few times tell sequences apart, with the true reason', async () => {
    const rows = [1, 1, 1, 2, 2, 2].flatMap((time, n) => timed(`s${n}`, [time, time]));
    await expect(prepared(await write('few.parquet', rows), spec())).rejects.toThrow(
      /leaves no train rows: its 6 sequences begin at only 2 different times/,
    );
  });

  it('leaves out rows without a time before a boundary, and sequences without any, and says so', async () => {
    const rows = [
      ...timed('a', [1, 2, null]),
      ...timed('b', [3, 4]),
      ...timed('c', [5, 6]),
      ...timed('d', [7, 8, null]),
      ...timed('untimed', [null, null]),
    ];
    const found = await prepared(await write('untimed.parquet', rows), spec({ ratios: [0.5, 0.25, 0.25] }));
    expect(parts(found)).toEqual([
      'train a a0@1 a1@2',
      'train b b0@3 b1@4',
      'validation c c0@5 c1@6',
      'test d d0@7 d1@8 d2@',
    ]);
    expect(found.warnings).toEqual([
      '1 row has no value in ‘t’, which orders rows: it comes last in its sequence.',
      '1 row of a sequence before a boundary has no t; it is left out, as nobody can say that it came before.',
      '1 sequence has no t; a split by time leaves it out, as it has no place in it.',
    ]);
  });
});

/** Random sequences that begin and end anywhere, with ties and missing times. */
function randomRows(seed: number): Row[] {
  const draw = randomStream(seed);
  const any = (bound: number): number => below(bound, draw());
  const [sequences, span] = [30 + any(30), 20 + any(200)];
  const long = 1 + any(Math.ceil(span / 5));
  return Array.from({ length: sequences }, (_, s) => {
    const start = any(span);
    const times = Array.from({ length: 2 + any(8) }, () => (any(25) === 0 ? null : start + any(long)));
    return timed(`s${s}`, times);
  }).flat();
}

const seeds = Array.from({ length: 12 }, (_, seed) => seed);

describe.each(['cut', 'drop'] as const)(
  'whatever the data, with straddling sequences to %s',
  (straddling) => {
    it.each(seeds)(
      'no row is as late as any of the next part, and both ways of ordering agree: %i',
      async (seed) => {
        const file = await write(`random-${straddling}-${seed}.parquet`, randomRows(seed));
        const split = { ratios: [0.5, 0.25, 0.25] as [number, number, number], straddling };
        const memory = await prepared(file, spec(split, { order: ['p'] }));
        // A number and a text order rows only by DuckDB's sort.
        const sorted = await prepared(file, spec(split, { order: ['p', 's'] }));
        expect(sorted.named).toEqual(memory.named);
        expect(sorted.trainCounts).toEqual(memory.trainCounts);
        expect(sorted.profile.heldOut).toEqual(memory.profile.heldOut);
        const [train, validation] = [timesOf(memory, 'train'), timesOf(memory, 'validation')];
        const heldOut = timesOf(memory, 'validation', 'test').filter((time) => !Number.isNaN(time));
        const test = timesOf(memory, 'test').filter((time) => !Number.isNaN(time));
        expect([...train, ...validation].filter(Number.isNaN)).toEqual([]);
        expect(Math.max(...train)).toBeLessThan(Math.min(...heldOut));
        expect(Math.max(...validation)).toBeLessThan(Math.min(...test));
        const begins = memory.named.map(({ split, items }) => {
          const times = items.map(timeIn);
          return { split, first: Math.min(...times.filter((time) => !Number.isNaN(time))) };
        });
        for (const part of ['train', 'validation', 'test']) {
          const firsts = begins.filter(({ split }) => split === part).map(({ first }) => first);
          expect(firsts).toEqual(firsts.toSorted((a, b) => a - b));
        }
        const all = randomRows(seed).length;
        expect(memory.profile.rows + (memory.profile.heldOut?.boundaries?.rowsCut ?? 0)).toBe(all);
      },
    );
  },
);

describe('users whose events go on over a year', () => {
  /** 200 users of 30 events each over 365 days; ‘late’ exists only after every test sequence has begun. */
  const days = 365;
  const rows = Array.from({ length: 200 }, (_, user) =>
    Array.from({ length: 30 }, (_, event) => {
      const time = user + Math.floor((event * (days - user)) / 29);
      const late = time >= 200 && (user + event) % 3 === 0;
      return { sequence: `u${user}`, item: late ? 'late' : `i${(user * 7 + event) % 40}`, time };
    }),
  ).flat();

  it('leave nothing of the future in training: the item that comes late is in no training row', async () => {
    const found = await prepared(await write('straddle.parquet', rows), spec());
    expect(found.named.filter(({ split, items }) => split !== 'test' && items.includes('late'))).toEqual([]);
    const late = await query(
      `SELECT rows::INTEGER, train_rows FROM '${path.join(found.folder, 'items.parquet')}' WHERE i = 'late'`,
    );
    const inTest = found.named.flatMap(({ items }) => items.filter((item) => item === 'late')).length;
    expect(late).toEqual([[inTest, 0]]);
    expect(found.profile.heldOut?.boundaries).toMatchObject({
      validationFrom: '140',
      testFrom: '180',
      sequences: 180,
    });
  });
});
