/** A small playlist table with everything that makes preparation hard, and what the tutorial's own SQL makes of it. */
import * as path from 'node:path';
import { query } from './prepare-runner.ts';

export interface FixtureRow {
  readonly user: string | null;
  readonly playlist: string | null;
  readonly artist: string | null;
  readonly track: string | null;
}

function playlist(
  user: string | null,
  name: string | null,
  tracks: readonly (readonly [string | null, string | null])[],
): FixtureRow[] {
  return tracks.map(([artist, track]) => ({ user, playlist: name, artist, track }));
}

const LONG_ENOUGH: FixtureRow[] = [
  ...playlist('u1', 'plain', [
    ['A', 'one'],
    ['B', 'two'],
    ['C', 'three'],
    ['A', 'four'],
  ]),
  ...playlist('u1', 'nulls', [
    [null, 'one'],
    ['A', null],
    [null, null],
    ['', 'one'],
    ['A', 'one'],
  ]),
  ...playlist('u2', null, [
    ['A', 'one'],
    ['B', 'two'],
    [null, 'three'],
  ]),
  ...playlist(null, 'orphan', [
    ['B', 'two'],
    ['A', 'one'],
    ['C', 'three'],
  ]),
  ...playlist('u2', 'it\'s "quoted"', [
    ["O'Neil", '"Heroes"'],
    ['A|||B', 'C'],
    ['A', 'B|||C'],
    ['a\\b', 'c,d;e'],
  ]),
  ...playlist('u3', 'Zoë ☕', [
    ['Zoë', 'Café'],
    ['Zoë', 'Café'],
    ['東京', '夜'],
    ['😀', '👍🏽'],
    ['ZOË', 'CAFÉ'],
  ]),
  ...playlist('u3', 'repeats', [
    ['A', 'one'],
    ['A', 'one'],
    ['B', 'two'],
    ['A', 'one'],
  ]),
  ...playlist('u4', 'three', [
    ['C', 'three'],
    ['B', 'two'],
    ['A', 'one'],
  ]),
];
const TOO_SHORT: FixtureRow[] = [
  ...playlist('u4', 'single', [['A', 'one']]),
  ...playlist('u4', 'pair', [
    ['A', 'one'],
    ['only here', 'x'],
  ]),
  ...playlist('u5', '', [['A', 'one']]),
];

/** Rows of different playlists lie between each other, as file order need not follow playlists. */
export const FIXTURE: readonly FixtureRow[] = interleave([...LONG_ENOUGH, ...TOO_SHORT]);

/** Deals the rows of the first playlists out in turn; each playlist's own rows stay in order. */
function interleave(rows: readonly FixtureRow[]): FixtureRow[] {
  const piles = new Map<string, FixtureRow[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.user, row.playlist]);
    piles.set(key, [...(piles.get(key) ?? []), row]);
  }
  const dealt: FixtureRow[] = [];
  while ([...piles.values()].some((pile) => pile.length > 0)) {
    for (const pile of piles.values()) {
      const row = pile.shift();
      if (row !== undefined) dealt.push(row);
    }
  }
  return dealt;
}

function literal(value: string | null): string {
  return value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`;
}

/** Writes the fixture as the tutorial's cleaned file: row_id, user_id, artist, track, playlist. */
export async function writeFixture(folder: string, rows: readonly FixtureRow[] = FIXTURE): Promise<string> {
  const file = path.join(folder, 'fixture.parquet');
  const values = rows.map(
    (row, id) =>
      `(${id}::BIGINT, ${[row.user, row.artist, row.track, row.playlist].map((value) => `${literal(value)}::VARCHAR`).join(', ')})`,
  );
  await query(
    `COPY (SELECT * FROM (VALUES ${values.join(', ')}) AS t(row_id, user_id, artist, track, playlist)) TO '${file}' (FORMAT parquet)`,
  );
  return file;
}

/** The tutorial's query (reference-systems A.6) on a file: playlist_id and track_sequence, by playlist_id. */
export async function tutorialSequences(file: string): Promise<{ id: string; tracks: string[] }[]> {
  const rows = await query(`
    WITH playlists AS (SELECT *, CONCAT(user_id,'-',playlist) AS playlist_id, CONCAT(artist,'|||',track) AS track_id FROM '${file}')
    SELECT * FROM (SELECT playlist_id, to_json(LIST(track_id ORDER BY row_id ASC)) AS tracks, len(LIST(track_id)) AS n FROM playlists GROUP BY playlist_id HAVING n > 2)
    ORDER BY playlist_id`);
  return rows.map(([id, tracks]) => ({ id: String(id), tracks: JSON.parse(String(tracks)) as string[] }));
}
