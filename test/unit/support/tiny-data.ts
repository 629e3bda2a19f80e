/** Small generated data with some structure to learn: the same bytes for the same seed. */
import * as fs from 'node:fs';

/** Uniform numbers in [0, 1), by mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Playlists that walk through the tracks of one of six genres. Columns: user, playlist, position, artist, track. */
export function tinyPlaylists(playlists = 300, seed = 1): string {
  const random = seededRandom(seed);
  const lines = ['user,playlist,position,artist,track'];
  for (let p = 0; p < playlists; p++) {
    const genre = Math.floor(random() * 6);
    const length = 5 + Math.floor(random() * 10);
    let track = Math.floor(random() * 30);
    for (let i = 0; i < length; i++) {
      track = (track + 1 + Math.floor(random() * 3)) % 30;
      lines.push(`u${p % 40},p${p},${i},artist${genre}_${track % 5},track${genre}_${track}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

export function writeTinyPlaylists(file: string, playlists?: number, seed?: number): void {
  fs.writeFileSync(file, tinyPlaylists(playlists, seed));
}

/** The same with a time (a minute a playlist) and the part of each playlist in a given split. */
export function pinnedPlaylists(): string {
  const [head = '', ...rows] = tinyPlaylists().trimEnd().split('\n');
  const told = rows.map((row) => {
    const playlist = Number(/^u\d+,p(\d+),/.exec(row)?.[1]);
    const part = ['test', 'validation'][playlist % 10] ?? 'train';
    return `${row},${new Date(Date.UTC(2026, 0, 1, 0, playlist)).toISOString()},${part}`;
  });
  return `${[`${head},time,part`, ...told].join('\n')}\n`;
}
