import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mayMeanItem } from '../../../src/extension/hover/pointed-words.ts';
import { bar, itemMarkdown, unknownMarkdown } from '../../../src/extension/hover/hover-markdown.ts';
import { folded } from '../../../src/protocol/text/fold.ts';
import { WordFilter } from '../../../src/protocol/word-filter.ts';
import { runRow } from '../../vscode/suite/sample-views.ts';
import { engineOf, forgetEngines } from './fake-engine.ts';
import { host } from './vscode-stub/host.ts';
import { openWindow, run, type OpenedWindow } from './window.ts';

vi.mock('../../../src/extension/processes/engine-child.ts', () => import('./fake-engine.ts'));

const A = '/projects/a/.recsys';
const [OLD, MIDDLE, NEW] = [
  '20261121-120000000-aaaa',
  '20261122-120000000-bbbb',
  '20261123-120000000-cccc',
] as const;
const vectors = { bestEmbedding: 'prod2vec' };
const starred = { tags: [], starred: true };
const other = { path: 'other.csv', folder: '/projects/a' };

let window: OpenedWindow;
beforeEach(async () => {
  host.reset();
  forgetEngines();
  window = openWindow('/projects/a', '/projects/b');
  await window.stores.load();
});
afterEach(() => window.dispose());

async function has(...rows: Parameters<typeof runRow>[0][]): Promise<void> {
  engineOf(A).runs = rows.map((row) => runRow(row));
  await window.stores.load();
}

describe('the run and model that answer', () => {
  it('are the latest with vectors, never one without', async () => {
    await has({ id: NEW, bestEmbedding: undefined }, { id: MIDDLE, ...vectors }, { id: OLD, ...vectors });
    expect(window.answering.of()).toMatchObject({ run: { id: MIDDLE }, model: 'prod2vec', reason: 'latest' });
    await has({ id: NEW, bestEmbedding: undefined });
    expect(window.answering.of()).toBeUndefined();
    await expect(window.answering.require()).rejects.toThrow(/No run has a model with vectors/);
  });

  it('are of the starred run, and of the data that is looked at', async () => {
    await has(
      { id: NEW, ...vectors },
      { id: MIDDLE, ...vectors, labels: starred },
      { id: OLD, ...vectors, data: other },
    );
    expect(window.answering.of('/projects/a/notes.md')).toMatchObject({
      run: { id: MIDDLE },
      reason: 'starred',
    });
    expect(window.answering.of('/projects/a/other.csv')).toMatchObject({
      run: { id: OLD },
      reason: 'latest',
    });
    // A folder without runs of its own is answered by the others'.
    expect(window.answering.of('/projects/b/notes.md')).toMatchObject({ run: { id: MIDDLE } });
  });

  it('are what a person chose, until the run is gone', async () => {
    await has({ id: NEW, ...vectors }, { id: OLD, ...vectors });
    await window.answering.choose({ run: `${A}/runs/${OLD}`, model: 'popularity' });
    const chosen = { run: { id: OLD }, model: 'popularity', reason: 'chosen' };
    expect(window.answering.of()).toMatchObject(chosen);
    // Of data of another run too, where the rule would take that one.
    expect(window.answering.of('/projects/a/playlists.parquet')).toMatchObject(chosen);
    await has({ id: NEW, ...vectors });
    expect(window.answering.of()).toMatchObject({ run: { id: NEW }, reason: 'latest' });
  });

  it('are those that Find Neighbours asks', async () => {
    await has({ id: NEW, ...vectors }, { id: OLD, ...vectors, labels: starred });
    engineOf(A).handlers['neighbours/query'] = ({ item }) => ({
      model: 'prod2vec',
      query: item,
      asked: 20,
      neighbours: [],
    });
    host.answers = ['Aphex Twin|||Xtal'];
    await run('recsys.findNeighbours');
    expect(engineOf(A).asksOf('neighbours/query')).toMatchObject([{ run: OLD, model: 'prod2vec' }]);
    expect(host.shown.at(-1)?.text).toContain('starred');
  });
});

describe('a place in a line', () => {
  const words = WordFilter.empty();
  words.addWords(folded('björk jóga acme™'));
  const known = { words: WordFilter.of(words.kept()), columns: ['artist', 'track'] };
  const may = (line: string, column: number, header = ''): boolean =>
    mayMeanItem({ line, column, header }, known);

  it('may mean an item where its word is one of theirs, or a column or key says so', () => {
    expect(may('hear Björk now', 7)).toBe(true);
    expect(may('hear BJO\u0308RK now', 7)).toBe(true);
    expect(may('"Bj\\u00f6rk"', 3)).toBe(true);
    expect(may('hear Björk™ now', 7)).toBe(true);
    expect(may('by Acme™', 4)).toBe(true);
    expect(may('nothing of theirs', 3)).toBe(false);
    expect(may('nothing of theirs', 3, 'artist,track')).toBe(true);
    expect(may('{"artist": "Nobody"}', 14)).toBe(true);
    expect(may('{\\"artist\\": \\"Nobody\\"}', 16)).toBe(true);
    for (const column of [0, 1, 2]) expect(may('', column)).toBe(false);
  });

  it('between words means one of the two beside it, and no other of the line', () => {
    const line = 'Björk ||| (live) - nothing';
    for (const column of [6, 7, 8, 9, 10]) expect(may(line, column), String(column)).toBe(true);
    expect(may('nothing -- Jóga', 8)).toBe(true);
    expect(may(line, line.indexOf('-'))).toBe(false);
    expect(may(`Jóga${' '.repeat(100)}nothing`, 60)).toBe(false);
  });

  // Each took seconds where all of a line is looked at: the time limit of a test judges.
  it('is told at once, however long the lines', () => {
    const line = 'const value = compute(other, 12); '.repeat(500_000);
    for (let i = 0; i < 100; i++) expect(may(line, i * 150_000, line)).toBe(false);
  }, 10_000);
});

describe('the hover as Markdown', () => {
  const hostile = '<img src=x onerror=1>|||[x](command:evil) `$(bug)` **b** \n# h';
  const context = () => ({
    answering: { run: runRow({ id: NEW, ...vectors }), model: 'prod2vec', reason: 'latest' as const },
    items: 1000,
    has: (command: string) => command !== 'recsys.openExplorer',
  });

  it('escapes names, and links only to what there is', () => {
    const text = itemMarkdown(
      {
        kind: 'item',
        from: 0,
        to: 1,
        item: hostile,
        trainRows: 1,
        rank: 5,
        folded: true,
        neighbours: [{ item: hostile, score: 0.5 }],
      },
      context(),
    );
    expect(text).not.toMatch(/(?<!\\)<img/);
    expect(text).not.toContain('](command:evil');
    expect(text).not.toMatch(/\n# h/);
    expect(text).toContain('1 training row');
    expect(text).toContain('written otherwise here');
    expect([...text.matchAll(/\]\(command:([\w.]+)/g)].map(([, id]) => id)).toEqual([
      'recsys.findInData',
      'recsys.copyItem',
      'recsys.chooseAnsweringModel',
    ]);
    const [, argument = ''] = /recsys\.copyItem\?([^)]*)\)/.exec(text) ?? [];
    expect(JSON.parse(decodeURIComponent(argument))).toMatchObject([{ item: hostile, model: 'prod2vec' }]);
    const unknown = unknownMarkdown(
      { kind: 'unknown', from: 0, to: 1, name: hostile, near: [hostile, 'lone \ud800'] },
      context(),
    );
    expect(unknown).not.toMatch(/(?<!\\)<img/);
    expect([bar(0), bar(1), bar(0.5), bar(7)]).toEqual(['', '████████', '████', '████████']);
  });
});
