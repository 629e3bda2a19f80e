/** The hover of a window whose engine fails: said once, in the status bar, and gone when it answers again. */
import * as vscode from 'vscode';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HoverFeature } from '../../../src/extension/hover/feature.ts';
import { folded } from '../../../src/protocol/text/fold.ts';
import { UserError } from '../../../src/protocol/user-error.ts';
import { WordFilter } from '../../../src/protocol/word-filter.ts';
import { engineOf } from './fake-engine.ts';
import { host } from './vscode-stub/host.ts';
import { run, type OpenedWindow } from './window.ts';
import { RUN_STORE, windowWithRun } from './window-with-run.ts';

vi.mock('../../../src/extension/processes/engine-child.ts', () => import('./fake-engine.ts'));

const engine = () => engineOf(RUN_STORE);
const LINE = 'hear Björk now';

let window: OpenedWindow;
let hover: HoverFeature;
beforeEach(async () => {
  window = await windowWithRun();
  const { stores, answering, log } = window;
  hover = new HoverFeature({ stores, answering, log, commands: new Set() });
});
afterEach(() => {
  hover.dispose();
  window.dispose();
});

/** Told in parts of so many letters. */
function knowsItems(letters = Infinity): void {
  const words = WordFilter.empty();
  words.addWords(folded('Björk'));
  const { bits } = words.kept();
  engine().handlers['items/vocabulary'] = ({ from }) => ({
    model: 'prod2vec',
    items: 1,
    columns: ['item'],
    words: { bits: bits.slice(from, from + letters), letters: bits.length },
  });
}

function answers(): void {
  const at = { kind: 'item', from: 5, to: 10, item: 'Björk', trainRows: 3, rank: 1, folded: false } as const;
  engine().handlers['items/hover'] = () => ({
    ...{ run: 'r', runName: 'r', model: 'prod2vec', items: 1, at: { ...at, neighbours: [] } },
  });
}

/** The pointer on a column of the line. */
async function pointAt(column: number): Promise<string | undefined> {
  const document = {
    ...{ version: 1, languageId: 'plaintext', lineCount: 1, uri: vscode.Uri.file('/projects/a/notes.md') },
    lineAt: () => ({ text: LINE, range: { end: new vscode.Position(0, LINE.length) } }),
    offsetAt: ({ character }: vscode.Position) => character,
    positionAt: (offset: number) => new vscode.Position(0, offset),
    getText: () => LINE,
  } as unknown as vscode.TextDocument;
  const { token } = new vscode.CancellationTokenSource();
  const shown = await hover.provideHover(document, new vscode.Position(0, column), token);
  const [content] = shown?.contents ?? [];
  return content instanceof vscode.MarkdownString ? content.value : undefined;
}

const told = () => host.statusBar.filter(({ visible }) => visible);

describe('a hover that fails', () => {
  const fails = (): never => {
    throw new UserError('The model’s file is damaged.', 'Train it again.');
  };

  it('says so once in the status bar, with the way to restart, until it is answered', async () => {
    knowsItems();
    engine().handlers['items/hover'] = fails;
    for (let i = 0; i < 3; i++) expect(await pointAt(6)).toBeUndefined();
    expect(told()).toMatchObject([{ command: { command: 'recsys.restartEngine' } }]);
    expect(told()[0]?.text).toContain('RecSys');
    expect(told()[0]?.tooltip).toMatch(/The model’s file is damaged\. Train it again\.[^]*restart/);
    expect(host.logged.filter((line) => line.includes('damaged'))).toHaveLength(1);
    answers();
    expect(await pointAt(6)).toContain('3 training rows');
    expect(told()).toEqual([]);
    engine().handlers['items/hover'] = fails;
    await pointAt(6);
    expect(told()).toHaveLength(1);
  });

  it('is tried again with what the engine did not tell of the items, as soon as that is restarted', async () => {
    engine().handlers['items/vocabulary'] = fails;
    expect(await pointAt(6)).toBeUndefined();
    expect(told()).toHaveLength(1);
    knowsItems();
    answers();
    await pointAt(6);
    expect(engine().asksOf('items/vocabulary')).toHaveLength(1);
    await run('recsys.restartEngine');
    expect(told()).toEqual([]);
    expect(await pointAt(6)).toContain('3 training rows');
  });

  it('knows words that the engine tells in parts', async () => {
    knowsItems(40);
    answers();
    expect(await pointAt(6)).toContain('3 training rows');
    expect(engine().asksOf('items/vocabulary').length).toBeGreaterThan(2);
  });

  it('leaves the engine in peace where no word is an item’s', async () => {
    knowsItems();
    answers();
    for (let column = 0; column < 4; column++) expect(await pointAt(column)).toBeUndefined();
    expect(engine().asksOf('items/hover')).toEqual([]);
    expect(await pointAt(6)).toContain('3 training rows');
    expect(engine().asksOf('items/hover')).toHaveLength(1);
  });
});
