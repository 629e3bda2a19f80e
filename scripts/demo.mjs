#!/usr/bin/env node
// The main job on the sample: install, build, prepare → train → evaluate, metrics table, neighbours of some tracks. The
// split is the one that is guessed: by user, as snapshots of one playlist are near copies of each other.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { build, root, run } from './run-command.mjs';

const started = Date.now();
const cli = path.join(root, 'dist/cli.mjs');
const store = path.join(root, '.recsys');
const TRACKS = [
  'The Weeknd|||Blinding Lights',
  'Eagles|||Hotel California - 2013 Remaster',
  'Metallica|||Enter Sandman',
];

/** The encoder tunes itself for a minute and trains wide vectors, as many heads as time affords, unless told otherwise. */
const SHORT_TUNING = ['--encoder-tune-minutes', '0.1', '--encoder-vector-size', '64', '--encoder-heads', '1'];
const given = process.argv.slice(2);
const tunes = given.some((word) => word.startsWith('--encoder-tune'));
const options = tunes ? given : [...SHORT_TUNING, ...given];

build();
console.log(
  `\nrecsys run samples/playlists.parquet ${options.join(' ')}   (${((Date.now() - started) / 1000).toFixed(0)} s so far)`,
);
if (!tunes)
  console.log(
    'For this demo the recency encoder tunes itself shortly and has 64 dimensions; without these options it takes minutes, and more.',
  );
console.log();
run(process.execPath, [cli, 'run', 'samples/playlists.parquet', '--store', store, ...options]);
for (const track of TRACKS) {
  console.log(`\nrecsys neighbours '${track}' -k 5`);
  spawnSync(process.execPath, [cli, 'neighbours', track, '-k', '5', '--store', store], {
    cwd: root,
    stdio: 'inherit',
  });
}
console.log(`
The test playlists are of users that no model has seen. The tutorial splits at random by playlist, where two of three test
playlists have a near copy in training, and figures are several times as high:
recsys run samples/playlists.parquet --split sequence`);
console.log(
  `\nDone in ${((Date.now() - started) / 1000).toFixed(0)} s, everything included. The result card: node dist/cli.mjs card latest`,
);
