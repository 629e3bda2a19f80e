/** Search among the names of a million items, and the item that a place in a text means, with its nearest, among 100,000. */
import { ItemNames } from '../src/pipeline/model/item-names.ts';
import { ExactIndex } from '../src/pipeline/neighbours/exact-index.ts';
import { normalise } from '../src/pipeline/neighbours/normalise.ts';
import { readItem } from '../src/pipeline/vocabulary/reading/read-item.ts';
import { itemNames } from './item-names.ts';
import type { BenchResult, ResultRow } from './result-row.ts';

const SEARCHED = 1_000_000;
const HOVERED = 100_000;
const DIMENSIONS = 48;
const ASKED = 300;
const LIMIT = 20;
/** The issue's: milliseconds at the 95th percentile. */
const WANTED_MS = 50;

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? NaN;

function timed(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

/** What people type, from a name. */
const TYPED: Readonly<Record<string, (name: string) => string>> = {
  'a first letter': (name) => name.slice(0, 1),
  'a prefix of three letters': (name) => name.slice(0, 3),
  'five letters within': (name) => name.slice(name.indexOf('|||') + 5, name.indexOf('|||') + 10),
  'a whole name': (name) => name,
  'a name with two letters exchanged': (name) =>
    `${name.slice(0, 4)}${name[5] ?? ''}${name[4] ?? ''}${name.slice(6)}`,
  'what no name is like': (name) => `qzx${name.length}jjq`,
};

function rowOf(what: string, times: readonly number[], note: string): ResultRow {
  const p95 = percentile(times, 0.95);
  return {
    what,
    ours: `p50 ${percentile(times, 0.5).toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`,
    reference: `wanted: p95 ${WANTED_MS} ms`,
    ratio: WANTED_MS / p95,
    target: 1,
    note,
  };
}

function searchRows(): ResultRow[] {
  const all = itemNames(SEARCHED);
  const names = new ItemNames(all);
  const seconds = timed(() => names.index) / 1000;
  const note = `index made in ${seconds.toFixed(1)} s, ${Math.round(names.indexBytes / SEARCHED)} bytes an item`;
  return Object.entries(TYPED).map(([what, typed]) => {
    const times = Array.from({ length: ASKED }, (_, i) => {
      const text = typed(all[(i * 7919) % SEARCHED] ?? '');
      return timed(() => names.search(text, LIMIT));
    });
    return rowOf(`search among ${SEARCHED / 1e6} M items: ${what}`, times, note);
  });
}

/** A place in each of a few kinds of text. */
function places(name: string): { text: string; offset: number }[] {
  const [artist = '', track = ''] = name.split('|||');
  const around = 'of text that names nothing, '.repeat(200);
  const texts = [
    `${around}\n"${name}"\n${around}`,
    `${around}\n${JSON.stringify({ n: 1, artist, track })}\n${around}`,
    `artist,track\n${'a b,c d\n'.repeat(100)}${artist},${track}\n`,
    `${around} ${name} ${around}`,
  ];
  return texts.map((text) => ({ text, offset: text.lastIndexOf(track) + 2 }));
}

function hoverRow(): ResultRow {
  const all = itemNames(HOVERED);
  const names = new ItemNames(all);
  const { index } = names;
  const vectors = Float32Array.from({ length: HOVERED * DIMENSIONS }, (_, i) => Math.sin(i * 12.9898) * 1.1);
  normalise(vectors, DIMENSIONS);
  const nearest = new ExactIndex(vectors, DIMENSIONS);
  nearest.prepare();
  const vocabulary = {
    code: (name: string) => names.code(name),
    foldedCode: (name: string) => index.foldedTwins(name, 1)[0],
  };
  let missed = 0;
  const times = Array.from({ length: ASKED }, (_, i) => places(all[(i * 7919) % HOVERED] ?? '')).flatMap(
    (texts) =>
      texts.map((place) =>
        timed(() => {
          const found = readItem({ ...place, columns: ['artist', 'track'] }, vocabulary);
          if (found === undefined || 'unknown' in found) missed++;
          else nearest.search(vectors.slice(found.code * DIMENSIONS, (found.code + 1) * DIMENSIONS), 10);
        }),
      ),
  );
  return rowOf(
    `hover among ${HOVERED / 1000} k items, in the engine's process: read the place, find the ten nearest`,
    times,
    `${missed} of ${times.length} places not read`,
  );
}

export function run(): Promise<BenchResult> {
  const rows = [...searchRows(), hoverRow()];
  for (const { what, ours, note } of rows) console.log(`${what}: ${ours} (${note ?? ''})`);
  return Promise.resolve({ about: 'Made names of two columns; in one thread, warm.', rows });
}
