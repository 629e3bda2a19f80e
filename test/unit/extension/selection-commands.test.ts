/** *Recommend from Selection* and *Neighbours of Selection*. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ReadListReply } from '../../../src/protocol/engine.ts';
import { engineOf } from './fake-engine.ts';
import { host } from './vscode-stub/host.ts';
import { Uri } from './vscode-stub/values.ts';
import { run, type OpenedWindow } from './window.ts';
import { RUN_STORE, windowWithRun } from './window-with-run.ts';

vi.mock('../../../src/extension/processes/engine-child.ts', () => import('./fake-engine.ts'));

const engine = () => engineOf(RUN_STORE);

let window: OpenedWindow;
beforeEach(async () => {
  window = await windowWithRun();
});
afterEach(() => window.dispose());

/** Selects whole lines, in this order. */
function select(lines: readonly string[], ...selected: readonly number[]): void {
  host.editor = {
    document: {
      uri: Uri.file('/projects/a/list.csv'),
      lineAt: (line: number) => ({ text: lines[line] }),
      getText: ({ start }: { start: { line: number } }) => lines[start.line],
    },
    selections: selected.map((line) => ({ start: { line, character: 0 } })),
  };
}

function engineReads(read: Partial<ReadListReply>): void {
  engine().handlers['items/readList'] = () => ({
    ...{ run: 'r', runName: 'r', model: 'prod2vec', items: ['A', 'B', 'A'], unknown: [], truncated: false },
    ...read,
  });
}

describe('a selection', () => {
  it('is read in the order of the document, with its header where that is not selected', async () => {
    engineReads({ items: [] });
    select(['item', 'A', 'B', 'C'], 3, 1);
    await run('recsys.recommendFromSelection');
    select(['item', 'A', 'B', 'C'], 2, 0);
    await run('recsys.recommendFromSelection');
    expect(engine().asksOf('items/readList')).toMatchObject([
      { text: 'A\nC', header: 'item' },
      { text: 'item\nB' },
    ]);
    expect(engine().asksOf('items/readList')[1]).not.toHaveProperty('header');
  });

  it('is a history with its repeats for recommendations, and a set for neighbours', async () => {
    engineReads({});
    select(['A', 'B', 'A'], 0, 1, 2);
    await run('recsys.recommendFromSelection');
    expect(engine().asksOf('recommend/query')).toMatchObject([{ items: ['A', 'B', 'A'] }]);
    await run('recsys.neighboursOfSelection');
    expect(host.shown.at(-1)?.choices).toEqual(['A', 'B']);
  });

  it('of which the newest was not read is refused for recommendations, and shown as such for neighbours', async () => {
    engineReads({ truncated: true });
    select(['A', 'B', 'A'], 0, 1, 2);
    await run('recsys.recommendFromSelection');
    expect(host.messages('error').join()).toContain('too many parts');
    expect(engine().asksOf('recommend/query')).toEqual([]);
    await run('recsys.neighboursOfSelection');
    expect(host.messages('pick').at(-1)).toContain('the end of the selection was not read');
  });

  it('that is long can be cancelled, which is no error', async () => {
    select(['A '.repeat(20_000)], 0);
    engine().handlers['items/readList'] = () => {
      host.progress.at(-1)?.cancel();
      throw new Error('given up');
    };
    await run('recsys.neighboursOfSelection');
    expect(host.progress).toMatchObject([{ isOver: true }]);
    expect(host.shown).toEqual([]);
  });
});

describe('Find in Data', () => {
  it('searches for all ways a name is written', async () => {
    await run('recsys.findInData', { item: 'Björk|||a "b"' });
    const [found] = host.executed.filter(({ id }) => id === 'workbench.action.findInFiles');
    expect(found?.args).toMatchObject([{ query: '\\ba "b"|\\ba ""b""|\\ba \\\\"b\\\\"', isRegex: true }]);
  });
});
