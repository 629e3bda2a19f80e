/**
 * Search among the names of a million items; the item that a place in a text means, with its nearest, among 100,000, in one
 * process; and the same from the editor's call to its answer, in the extension host of a real VS Code, among a million too.
 */
import * as os from 'node:os';
import * as z from 'zod/mini';
import { ItemNames } from '../src/pipeline/model/item-names.ts';
import { ExactIndex } from '../src/pipeline/neighbours/exact-index.ts';
import { normalise } from '../src/pipeline/neighbours/normalise.ts';
import { readItem } from '../src/pipeline/vocabulary/reading/read-item.ts';
import { itemNames } from './item-names.ts';
import type { BenchResult, ResultRow } from './result-row.ts';
import { toldFigures } from './told-figures.ts';

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

const Times = z.object({ p50: z.number(), p95: z.number() });
type Times = z.infer<typeof Times>;
const Figures = z.record(z.string(), Times);

const ELSEWHERE: Times = { p50: 1, p95: 1 };

/** Milliseconds that the issue wants of the provider by the number of items, and by what the suite calls it. */
const WANTED_IN_HOST: ReadonlyMap<number, Readonly<Record<string, Times>>> = new Map(
  [
    { items: 100_000, onItem: { p50: 20, p95: 50 } },
    { items: 1_000_000, onItem: { p50: 100, p95: 100 } },
  ].map(({ items, onItem }) => [
    items,
    {
      'on an item, the provider': onItem,
      'on an item, by the editor’s command': onItem,
      'elsewhere, the provider': ELSEWHERE,
    },
  ]),
);

/** Runs the suite of the hover at a size, which trains a model and counts what the engine is asked too. */
function hostRows(items: number, wanted: Readonly<Record<string, Times>>): ResultRow[] {
  const suite = ['test/vscode/run-host-tests.mjs', '--only', 'hover-at-size'];
  const environment = { RECSYS_HOVER_ITEMS: String(items) };
  const { stderr, figures } = toldFigures(suite, 'RECSYS_HOVER_FIGURES', environment);
  if (stderr.includes('There is no VS Code')) {
    console.log('Not measured in VS Code: run `node test/vscode-host/setup.mjs` first.');
    return [];
  }
  if (figures === undefined) throw new Error(`the suite in VS Code failed:\n${stderr}`);
  const told = Figures.parse(figures);
  return Object.entries(wanted).map(([what, times]) => hostRow(items, what, told[what], times));
}

function hostRow(items: number, what: string, times: Times | undefined, wanted: Times): ResultRow {
  if (times === undefined) throw new Error(`the suite in VS Code told nothing of ‘${what}’`);
  return {
    what: `hover among ${items / 1000} k items, in the extension host: ${what}`,
    ours: `p50 ${times.p50.toFixed(2)} ms, p95 ${times.p95.toFixed(2)} ms`,
    reference: `wanted: p50 ${wanted.p50} ms, p95 ${wanted.p95} ms`,
    ratio: Math.min(wanted.p50 / times.p50, wanted.p95 / times.p95),
    target: 1,
    note: `load of the machine ${(os.loadavg()[0] ?? 0).toFixed(1)}`,
  };
}

export function run(): Promise<BenchResult> {
  const inHost = [...WANTED_IN_HOST].flatMap(([items, wanted]) => hostRows(items, wanted));
  const rows = [...searchRows(), hoverRow(), ...inHost];
  for (const { what, ours, note } of rows) console.log(`${what}: ${ours} (${note ?? ''})`);
  return Promise.resolve({
    about: 'Made names of two columns; in one thread, or in the extension host of VS Code for the web, warm.',
    rows,
  });
}
