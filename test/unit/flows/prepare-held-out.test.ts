/** What prepare measures of how far held-out parts are held out, and the sentences it says of it. */
import * as path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { DatasetSpec } from '../../../src/protocol/dataset-spec.ts';
import { heldOutSentences } from '../../../src/protocol/held-out.ts';
import type { HeldOut } from '../../../src/protocol/held-out.ts';
import { playlistSpec, prepared, query, temporaryFolder } from './prepare-runner.ts';
import type { Prepared } from './prepare-runner.ts';

let folder: string;
let file: string;

/** Forty sequences of ten users; the times of sequence s are 10 s to 10 s + 4, and `p` says its part. */
beforeAll(async () => {
  folder = await temporaryFolder();
  file = path.join(folder, 'rows.parquet');
  await query(
    `COPY (SELECT s, 'u' || s % 10 AS u, 'i' || s || '-' || o AS i, 10 * s + o AS t, CASE WHEN s % 8 = 7 THEN 'test' ELSE 'train' END AS p
     FROM range(40) AS a(s), range(5) AS b(o)) TO '${file}' (FORMAT parquet)`,
  );
});

function spec(split: Partial<DatasetSpec['split']>, changes: Partial<DatasetSpec> = {}): DatasetSpec {
  const plain = { format: 'parquet', sequence: ['s'], item: ['i'], order: ['t'], user: 'u', time: 't' };
  return DatasetSpec.parse({ ...plain, split, ...changes });
}

const found = async (...given: Parameters<typeof spec>): Promise<HeldOut> =>
  (await prepared(file, spec(...given))).profile.heldOut ?? {};

/** Of a part: its users, and those of them that have sequences in training, read from what prepare wrote. */
async function usersOf(
  { folder: at }: Prepared,
  part: string,
): Promise<{ users: number; inTraining: number }> {
  const table = `'${path.join(at, 'sequences.parquet')}'`;
  const [row] = await query(
    `SELECT count(*)::INTEGER, count(*) FILTER (u IN (SELECT "user" FROM ${table} WHERE split = 'train'))::INTEGER FROM (SELECT DISTINCT "user" AS u FROM ${table} WHERE split = '${part}')`,
  );
  return { users: Number(row?.[0]), inTraining: Number(row?.[1]) };
}

describe('users on both sides', () => {
  it('are counted by part', async () => {
    const bySequence = await prepared(file, spec({ by: 'sequence' }));
    const { sharedUsers } = bySequence.profile.heldOut ?? {};
    expect(sharedUsers).toEqual({
      validation: await usersOf(bySequence, 'validation'),
      test: await usersOf(bySequence, 'test'),
    });
    expect(sharedUsers?.validation.inTraining).toBeGreaterThan(0);
  });

  it('are none by user, and not looked for where there are no users, or every sequence is on both sides', async () => {
    const { sharedUsers } = await found({ by: 'user' });
    expect([sharedUsers?.validation.inTraining, sharedUsers?.test.inTraining]).toEqual([0, 0]);
    expect(sharedUsers?.test.users).toBe(1);
    expect((await found({ by: 'leave-one-out' })).sharedUsers).toBeUndefined();
    const { user: _, ...without } = spec({ by: 'sequence' });
    expect((await prepared(file, without)).profile.heldOut?.sharedUsers).toBeUndefined();
  });
});

describe('near copies', () => {
  it('are many in the sample by playlist, and few by user', async () => {
    const near = async (by: 'sequence' | 'user'): Promise<number[]> => {
      const split = playlistSpec({ split: { by, ratios: [0.7, 0.2, 0.1] } });
      const { nearCopies } = (await prepared('samples/playlists.parquet', split)).profile.heldOut ?? {};
      expect(nearCopies?.test.looked).toBe(nearCopies?.test.sequences);
      return [nearCopies?.validation, nearCopies?.test].map(
        (part) => (part?.near ?? 0) / (part?.looked ?? 0),
      );
    };
    for (const share of await near('sequence')) expect(share).toBeGreaterThan(0.6);
    for (const share of await near('user')) expect(share).toBeLessThan(0.05);
  });

  it('are not looked for by leave-one-out, where every sequence is on both sides', async () => {
    expect((await found({ by: 'leave-one-out' })).nearCopies).toBeUndefined();
  });
});

describe('training rows as late as held-out ones', () => {
  it('by leave-one-out are those later than half of the test targets', async () => {
    // Half of the targets are at 10 · 19 + 4 or before, and each sequence has three training rows.
    expect((await found({ by: 'leave-one-out' })).laterRows).toEqual({
      ...{ than: 'half-the-targets', rows: 20 * 3, of: 40 * 3 },
    });
  });

  it('by a given split are those not before the first test row, and they stay as they were given', async () => {
    // The test part begins at 70; of the training sequences the last tenth, from 380 on, validates.
    const { laterRows, boundaries } = await found({ by: 'column', column: 'p' });
    expect(laterRows).toEqual({ than: 'first-test-row', rows: (31 - 7) * 5, of: 31 * 5 });
    expect(boundaries).toMatchObject({ rowsCut: 0, validationFrom: '350' });
  });

  it('are not counted without a time, nor where the split is drawn or in time', async () => {
    const { time: _, ...without } = spec({ by: 'leave-one-out' });
    expect((await prepared(file, without)).profile.heldOut?.laterRows).toBeUndefined();
    for (const by of ['sequence', 'user', 'time'] as const)
      expect((await found({ by })).laterRows).toBeUndefined();
  });
});

describe('the sentences', () => {
  const few = { sequences: 400, drawn: 400, looked: 400, near: 18 };
  const many = { sequences: 463, drawn: 463, looked: 463, near: 305 };

  it('say the share with its part and what it is a share of', () => {
    expect(heldOutSentences({ nearCopies: { validation: { ...few, near: 6 }, test: few } })).toEqual([
      '4.5 % of the 400 test sequences have a near copy in training (validation: 1.5 %): a sequence with half of their items or more, which chance alone would not give.',
    ]);
    const drawn = { sequences: 9000, drawn: 6000, looked: 5000, near: 0 };
    expect(heldOutSentences({ nearCopies: { validation: drawn, test: drawn } })).toEqual([
      'None of 5,000 test sequences of five items or more, drawn by lot, has a near copy in training.',
    ]);
  });

  it('say what many copies mean, and nothing where nothing was looked at', () => {
    expect(heldOutSentences({ nearCopies: { validation: many, test: many } }).join()).toMatch(
      /^66 % .*expect lower figures than these\.$/,
    );
    const none = { sequences: 9, drawn: 9, looked: 0, near: 0 };
    expect(heldOutSentences({ nearCopies: { validation: none, test: none } })).toEqual([]);
    expect(heldOutSentences({})).toEqual([]);
  });

  it('say which users are on both sides, what was cut, and where the future is in training', () => {
    const users = { users: 20, inTraining: 5 };
    expect(
      heldOutSentences({ sharedUsers: { validation: users, test: { ...users, inTraining: 1 } } }),
    ).toEqual(['5.0 % of the test users (validation: 25 %) have sequences in training too.']);
    expect(heldOutSentences({ laterRows: { than: 'half-the-targets', rows: 3, of: 6 } }).join()).toMatch(
      /50 %/,
    );
    const boundaries = {
      ...{ straddling: 'cut' as const, sequences: 7, rowsCut: 30, of: 300, sequencesDropped: 2 },
      ...{ rowsWithoutTime: 0, sequencesWithoutTime: 0 },
    };
    expect(heldOutSentences({ boundaries }).join()).toMatch(
      /^30 rows \(10 %\) .* 7 sequences were cut .*; 2 of them/,
    );
  });
});
