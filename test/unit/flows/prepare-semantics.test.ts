import { createHash } from 'node:crypto';
import * as path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { FIXTURE, tutorialSequences, writeFixture } from './prepare-fixture.ts';
import { playlistSpec, prepared, query, temporaryFolder } from './prepare-runner.ts';
import type { Prepared } from './prepare-runner.ts';
import { PREPARED, trainingSequences } from '../../../src/pipeline/data/prepared-data.ts';

let file: string;
let whole: Prepared;

beforeAll(async () => {
  file = await writeFixture(await temporaryFolder());
  whole = await prepared(file, playlistSpec());
});

/** md5 of an unambiguous text of the key, as the split orders sequences by. */
function digest(seed: number, key: readonly (string | null)[], use = 'order'): string {
  const text = key.map((part) => (part === null ? 'n' : `s${Buffer.byteLength(part)}:${part}`)).join('');
  return createHash('md5').update(`${use}/${seed}/${text}`).digest('hex');
}

function names(prepared: Prepared): string[] {
  return prepared.named.map(({ key, items }) => JSON.stringify([key, items])).sort();
}

describe('sequences', () => {
  it("are those of the tutorial's own SQL, row by row", async () => {
    const theirs = await tutorialSequences(file);
    const ours = whole.named.map(({ key, items }) => ({
      id: `${key[0] ?? ''}-${key[1] ?? ''}`,
      tracks: items,
    }));
    expect(ours.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(theirs);
    expect(theirs).toHaveLength(8);
  });

  it('show a missing artist as |||title and a missing track as artist|||', () => {
    const nulls = whole.named.find(({ key }) => key[1] === 'nulls');
    expect(nulls?.items).toEqual(['|||one', 'A|||', '|||', '|||one', 'A|||one']);
  });

  it('keep tuples apart that have one name: null and empty, and ||| in either column', async () => {
    const rows = await query(
      `SELECT artist, track, rows FROM '${path.join(whole.folder, PREPARED.items)}' WHERE concat(artist, '|||', track) IN ('|||one', 'A|||B|||C') ORDER BY item`,
    );
    expect(rows.map(([artist, track]) => [artist, track])).toEqual([
      [null, 'one'],
      ['', 'one'],
      ['A', 'B|||C'],
      ['A|||B', 'C'],
    ]);
  });

  it('keep a null playlist of a user apart from another user, and from an empty name', () => {
    expect(whole.named.map(({ key }) => JSON.stringify(key))).toContain('["u2",null]');
    expect(whole.named.map(({ key }) => JSON.stringify(key))).toContain('[null,"orphan"]');
  });

  it('come in the order of the columns that order them, ties in file order', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, 'ordered.parquet');
    await query(
      `COPY (SELECT * FROM (VALUES ('s', 'd', 2, 'x'), ('s', 'b', 1, 'x'), ('s', 'c', 1, 'y'), ('s', 'a', 1, 'x'), ('s', 'e', NULL, 'x'), ('t', 'a', 1, 'x'), ('t', 'b', 0, 'x'), ('t', 'c', 3, 'x')) AS t(s, i, o, p)) TO '${file}' (FORMAT parquet)`,
    );
    const spec = {
      ...playlistSpec({ split: { by: 'leave-one-out', ratios: [0.7, 0.2, 0.1] } }),
      sequence: ['s'],
      item: ['i'],
    };
    delete spec.user;
    delete spec.group;
    const by = async (order: string[]) =>
      Object.fromEntries(
        (await prepared(file, { ...spec, order })).named.map(({ key, items }): [string, string] => [
          key[0] ?? '',
          items.join(''),
        ]),
      );
    expect(await by(['o'])).toEqual({ s: 'bcade', t: 'bac' });
    expect(await by(['o', 'p'])).toEqual({ s: 'bacde', t: 'bac' });
    expect(await by([])).toEqual({ s: 'dbcae', t: 'abc' });
  });
});

describe('item codes', () => {
  it('descend by rows, ties by artist and then track, null first', async () => {
    const rows = await query(
      `SELECT item, concat(artist, '|||', track), rows::INTEGER, artist, track FROM '${path.join(whole.folder, PREPARED.items)}' ORDER BY item`,
    );
    // Null is an empty text, any other begins with a byte of its own.
    const bytes = (value: unknown): Buffer => Buffer.from(typeof value === 'string' ? `+${value}` : '');
    const keys = rows.map(([, name, count, artist, track]) => ({
      name: String(name),
      count: Number(count),
      tuple: [bytes(artist), bytes(track)] as const,
    }));
    const sorted = keys.toSorted(
      (a, b) =>
        b.count - a.count || Buffer.compare(a.tuple[0], b.tuple[0]) || Buffer.compare(a.tuple[1], b.tuple[1]),
    );
    expect(keys).toEqual(sorted);
    expect(rows.map(([item]) => item)).toEqual(rows.map((_, index) => index));
    expect(keys[0]).toMatchObject({
      name: 'A|||one',
      count: FIXTURE.filter((row) => row.artist === 'A' && row.track === 'one').length,
    });
  });

  it('count training rows', async () => {
    const counted = new Uint32Array(whole.layout.itemCount);
    for (const item of trainingSequences(whole).items.subarray(
      0,
      whole.sequences.offsets[whole.layout.train],
    ))
      counted[item] = (counted[item] ?? 0) + 1;
    expect(whole.trainCounts).toEqual(counted);
    const column = await query(
      `SELECT train_rows FROM '${path.join(whole.folder, PREPARED.items)}' ORDER BY item`,
    );
    expect(column.map(([rows]) => rows)).toEqual([...counted]);
  });

  it('have a group of artists, −1 for none', async () => {
    const rows = await query(
      `SELECT artist, group_code FROM '${path.join(whole.folder, PREPARED.items)}' ORDER BY item`,
    );
    const codes = new Map(rows.map(([artist, code]) => [artist, code]));
    expect(codes.get(null)).toBe(-1);
    expect(codes.get('A')).toBe(0);
    expect(new Set(rows.map(([, code]) => code)).size).toBe(codes.size);
    expect([...(whole.itemGroups ?? [])]).toEqual(rows.map(([, code]) => code));
    expect(whole.layout.groupCount).toBe(codes.size - 1);
  });
});

describe('the split', () => {
  it('is by the hash of seed and key, cut at int(0.7 n) and int(0.9 n)', () => {
    const expected = whole.named
      .map(({ key }) => key)
      .toSorted((a, b) => (digest(42, a) < digest(42, b) ? -1 : 1));
    expect(whole.named.map(({ key }) => key)).toEqual(expected);
    expect(whole.named.map(({ split }) => split)).toEqual([
      'train',
      'train',
      'train',
      'train',
      'train',
      'validation',
      'validation',
      'test',
    ]);
    expect([whole.layout.train, whole.layout.validation, whole.layout.test]).toEqual([5, 2, 1]);
  });

  it('changes with the seed, and the sequences do not', async () => {
    const other = await prepared(file, playlistSpec(), { seed: 7 });
    expect(names(other)).toEqual(names(whole));
    expect(other.named.map(({ key }) => key)).not.toEqual(whole.named.map(({ key }) => key));
  });

  it('samples whole sequences by a hash of the key', async () => {
    const half = await prepared(
      file,
      playlistSpec({ sample: 0.75, split: { by: 'leave-one-out', ratios: [0.7, 0.2, 0.1] } }),
    );
    const kept = whole.named.filter(
      ({ key }) => Number.parseInt(digest(42, key, 'sample').slice(0, 13), 16) < 0.75 * 16 ** 13,
    );
    expect(half.named.map(({ key }) => key)).toEqual(kept.map(({ key }) => key));
    expect(half.profile).toMatchObject({
      sequencesTotal: 11,
      sequencesLongEnough: 8,
      sequences: kept.length,
    });
    expect(kept.length).toBeLessThan(8);
  });

  it('by user has each user on one side', async () => {
    const byUser = await prepared(file, playlistSpec({ split: { by: 'user', ratios: [0.5, 0.3, 0.2] } }));
    // A sequence without a user is a user of its own.
    const userOf = (key: readonly (string | null)[]) => digest(42, key[0] === null ? key : key.slice(0, 1));
    const users = [...new Set(byUser.named.map(({ key }) => userOf(key)))].toSorted();
    const parts = ['train', 'train', 'validation', 'validation', 'test'];
    expect(users).toHaveLength(5);
    expect(byUser.named.map(({ split }) => split)).toEqual(
      byUser.named.map(({ key }) => parts[users.indexOf(userOf(key))]),
    );
    // Users are what was split, so they are what intervals resample.
    expect([...(byUser.sequenceClusters ?? [])]).toEqual(
      byUser.named.map(({ key }) => users.indexOf(userOf(key))),
    );
    expect(whole.sequenceClusters).toBeUndefined();
  });

  it('leaves one out: every sequence is in all parts, and training has all but its last two items', async () => {
    const one = await prepared(
      file,
      playlistSpec({ split: { by: 'leave-one-out', ratios: [0.7, 0.2, 0.1] } }),
    );
    expect(one.layout).toMatchObject({ leaveOneOut: true, train: 8, validation: 8, test: 8 });
    const training = trainingSequences(one);
    expect(training.items.length).toBe(one.sequences.items.length - 16);
    const counted = new Uint32Array(one.layout.itemCount);
    for (const item of training.items) counted[item] = (counted[item] ?? 0) + 1;
    expect(one.trainCounts).toEqual(counted);
  });
});

describe('the profile', () => {
  it('counts rows, sequences, users, items, artists and nulls as they are', () => {
    const tuples = new Set(FIXTURE.map((row) => JSON.stringify([row.artist, row.track])));
    const count = (column: 'user' | 'playlist' | 'artist' | 'track') =>
      FIXTURE.filter((row) => row[column] === null).length;
    expect(whole.profile).toMatchObject({
      rows: FIXTURE.length,
      sequencesTotal: 11,
      sequencesLongEnough: 8,
      sequences: 8,
      split: { train: 5, validation: 2, test: 1 },
      users: new Set(FIXTURE.map((row) => row.user)).size - 1,
      items: tuples.size,
      groups: new Set(FIXTURE.map((row) => row.artist)).size - 1,
      nulls: {
        row_id: 0,
        user_id: count('user'),
        playlist: count('playlist'),
        artist: count('artist'),
        track: count('track'),
      },
      repeatedItems: 5,
      duplicateRows: 0,
      length: { min: 3, max: 5, median: 4, mean: 31 / 8, p90: 5 },
    });
    expect(whole.profile.topItems[0]?.name).toBe('A|||one');
    expect(whole.profile.topGroups?.[0]?.name).toBe('A');
    expect(whole.profile.popularity.reduce((sum, bin) => sum + bin.count, 0)).toBe(tuples.size);
    expect(whole.profile.length.histogram.reduce((sum, bin) => sum + bin.count, 0)).toBe(8);
  });
});
