/**
 * The hover in the real extension host over a large catalogue: what it asks of the engine, and how long it takes.
 * RECSYS_HOVER_ITEMS names another number of items.
 */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import * as vscode from 'vscode';
import { itemNames } from '../../../bench/item-names.ts';
import { suite } from './define.ts';
import { eventually, extensionUnderTest } from './extension-under-test.ts';
import { hoverAt, percentile, textOf, train } from './hovering.ts';

const ITEMS = Number(process.env['RECSYS_HOVER_ITEMS'] ?? 100_000);
const LISTS = 0.8 * ITEMS;
const POINTED = 75;
/** Most of it passes in training. */
const TIMEOUT_MS = 120_000 + 1.2 * ITEMS;
/** A file to write the figures to, where a benchmark asks for them. */
const FIGURES = process.env['RECSYS_HOVER_FIGURES'];

const names = itemNames(ITEMS);
const nameAt = (at: number): string => names[at % ITEMS] ?? '';

/** Every item is in several lists, so that nearly all are in the part that trains. */
function rows(): string[] {
  return Array.from({ length: LISTS * 5 }, (_, row) => {
    const [list, at] = [Math.floor(row / 5), row % 5];
    return `L${list},${nameAt(list * 3 + at * at * 7).replace('|||', ',')}`;
  });
}

interface Pointed {
  readonly document: vscode.TextDocument;
  readonly offsets: readonly number[];
  /** What each hover is of. */
  readonly items: readonly string[];
}

const WRITTEN: Readonly<Record<string, readonly [header: string, write: (name: string) => string]>> = {
  csv: ['artist,track,n\n', (name) => `${name.replace('|||', ',')},1`],
  jsonl: ['', (name) => JSON.stringify({ artist: name.split('|||')[0], track: name.split('|||')[1] })],
  log: ['', (name) => `2026-01-01 INFO served item=${name} in 3 ms`],
  python: ['', (name) => `print(nearest('${name}', k=3))`],
};

async function written(kind: keyof typeof WRITTEN, first: number): Promise<Pointed> {
  const [header = '', write = String] = WRITTEN[kind] ?? [];
  const items = Array.from({ length: POINTED }, (_, i) => nameAt((first + i) * 7919));
  const lines = items.map(write);
  const document = await vscode.workspace.openTextDocument({
    content: `${header}${lines.join('\n')}\n`,
    language: kind === 'python' ? 'python' : 'plaintext',
  });
  const text = document.getText();
  const offsets = items.map((name) => text.lastIndexOf(name.split('|||')[1] ?? '') + 2);
  return { document, offsets, items };
}

/** Code and prose in which no word is one of the items'. */
const ELSEWHERE = Array.from(
  { length: 400 },
  (_, i) => `export function whatever${i}(given: readonly string[]): boolean { return given !== undefined; }`,
).join('\n');

/** Questions about items that the engine has answered in this window. */
function asked(): number {
  const { stores } = extensionUnderTest().exports;
  return stores.all
    .flatMap(({ engine }) => engine.latencies)
    .filter(({ name }) => name.startsWith('items/'))
    .reduce((sum, { count }) => sum + count, 0);
}

type Ask = (document: vscode.TextDocument, offset: number) => Promise<string>;

/** As the extension itself is called: without the editor's way there and back. */
const ofProvider: Ask = async (document, offset) => {
  const { token } = new vscode.CancellationTokenSource();
  const { hover } = extensionUnderTest().exports;
  const shown = await hover.provideHover(document, document.positionAt(offset), token);
  return shown === undefined ? '' : textOf([shown]);
};

async function timed(ask: Ask, document: vscode.TextDocument, offset: number): Promise<[number, string]> {
  const began = performance.now();
  const text = await ask(document, offset);
  return [performance.now() - began, text];
}

interface Times {
  readonly p50: number;
  readonly p95: number;
}

const figures: Record<string, Times> = {};

function tell(what: string, times: readonly number[]): void {
  const told = { p50: percentile(times, 0.5), p95: percentile(times, 0.95) };
  figures[what] = told;
  console.log(`      ${what}: p50 ${told.p50.toFixed(2)} ms, p95 ${told.p95.toFixed(2)} ms`);
}

/** Hovers over every place, each of which must tell of its item. */
async function overItems(ask: Ask, places: readonly Pointed[]): Promise<number[]> {
  const times: number[] = [];
  for (const { document, offsets, items } of places)
    for (const [at, offset] of offsets.entries()) {
      const [time, text] = await timed(ask, document, offset);
      assert.ok(text.includes('training row'), `${items[at]} in ${document.getText().slice(0, 60)}: ${text}`);
      times.push(time);
    }
  return times;
}

async function overNothing(ask: Ask, document: vscode.TextDocument): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < 4 * POINTED; i++) {
    const [time, text] = await timed(ask, document, (i * 7919) % ELSEWHERE.length);
    assert.equal(text, '');
    times.push(time);
  }
  return times;
}

let places: readonly Pointed[] = [];

export const hoverAtSizeSuite = suite(
  `hover over ${ITEMS.toLocaleString('en')} items`,
  {
    'asks the engine once for each item, and is answered': async () => {
      await extensionUnderTest().activate();
      const options = ['--epochs', '1', '--min-count', '1', '--ratios', '0.98,0.01,0.01'];
      await train('at-size.csv', rows(), [...options, '--name', 'at size']);
      places = await Promise.all(
        ['csv', 'jsonl', 'log', 'python'].map((kind, i) => written(kind, 1 + i * POINTED)),
      );
      const [first] = places;
      assert.ok(first !== undefined);
      const warm = await eventually(
        () => hoverAt(first.document, first.offsets[0] ?? 0),
        (shown) => shown.includes('at size'),
        60_000,
      );
      // All that are trained: those that the lists of the other two parts hold alone are not.
      const trained = Number(/of ([\d,]+) by frequency/.exec(warm)?.[1]?.replaceAll(',', ''));
      assert.ok(trained > 0.98 * ITEMS && trained <= ITEMS, warm);
      const before = asked();
      const times = await overItems(ofProvider, places);
      assert.equal(asked() - before, times.length);
      tell('on an item, the provider', times);
      tell('on an item, by the editor’s command', await overItems(hoverAt, places));
    },

    'asks nothing where no word is an item’s': async () => {
      // A text's language that has no hover of its own.
      const options = { content: ELSEWHERE, language: 'plaintext' };
      const document = await vscode.workspace.openTextDocument(options);
      const before = asked();
      tell('elsewhere, the provider', await overNothing(ofProvider, document));
      tell('elsewhere, by the editor’s command', await overNothing(hoverAt, document));
      assert.equal(asked(), before);
      if (FIGURES !== undefined) await fs.writeFile(FIGURES, JSON.stringify(figures));
    },
  },
  TIMEOUT_MS,
);
