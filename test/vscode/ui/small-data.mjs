// Small playlists with clusters and with hostile names: a run on them takes seconds.
import fs from 'node:fs';
import path from 'node:path';

/** Track names that a page must show as text; the first two are the most frequent tracks. */
export const HOSTILE_TRACKS = [
  '<script>globalThis.hostile = 1</script>',
  '<img src=x onerror="globalThis.hostile=1">',
  '[x](command:workbench.action.closeWindow)',
  '$(bug) `${1+1}` || | **bold**',
];

/** A seeded generator of numbers in [0, 1) (Numerical Recipes' LCG), so that every run sees the same data. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const quote = (text) => `"${text.replaceAll('"', '""')}"`;

/** Writes `small.csv` into a folder: playlists of tracks of one of ten artists. */
export function writeSmallData(folder, { name = 'small.csv', playlists = 400 } = {}) {
  const random = generator(7);
  const lines = ['playlist,artist,track'];
  for (let playlist = 0; playlist < playlists; playlist++) {
    const artist = Math.floor(random() * 10);
    const length = 5 + Math.floor(random() * 10);
    for (let position = 0; position < length; position++) {
      const rank = Math.floor(random() ** 2 * 20);
      const track =
        artist === 0 && rank < HOSTILE_TRACKS.length ? HOSTILE_TRACKS[rank] : `Track ${artist}-${rank}`;
      lines.push([`List ${playlist}`, `Artist ${artist}`, track].map(quote).join(','));
    }
  }
  fs.writeFileSync(path.join(folder, name), `${lines.join('\n')}\n`);
}
