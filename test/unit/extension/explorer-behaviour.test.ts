import { describe, expect, it } from 'vitest';
import type { PanelHandle } from '../../../src/extension/panels/registry.ts';
import {
  ExplorerBehaviour,
  type ExplorerSources,
} from '../../../src/extension/explorer/explorer-behaviour.ts';
import type { ExplorerPanelContract } from '../../../src/protocol/panels/explorer.ts';
import { UserError } from '../../../src/protocol/user-error.ts';

interface Sent {
  readonly name: string;
  readonly payload: unknown;
}

function explorer(changes: Partial<ExplorerSources> = {}) {
  const sent: Sent[] = [];
  const asked: [string, unknown, AbortSignal][] = [];
  const page = { isReady: false };
  let changed = (): void => undefined;
  const panel: PanelHandle<ExplorerPanelContract> = {
    key: '/store',
    isReady: () => page.isReady,
    send: (name, payload) => {
      if (page.isReady) sent.push({ name, payload });
      return page.isReady;
    },
  };
  const behaviour = new ExplorerBehaviour(panel, {
    request: (method, params, signal) => {
      asked.push([method, params, signal]);
      return Promise.reject(new UserError('no engine', ''));
    },
    runs: () => Promise.resolve([{ id: 'r1', label: 'one' }]),
    answering: () => ({ run: 'r1' }),
    onDidChange: (listener) => {
      changed = listener;
      return { dispose: () => (changed = () => undefined) };
    },
    openCard: () => Promise.resolve(),
    openMap: () => Promise.resolve(),
    keepList: () => undefined,
    failure: (error) => ({ message: error instanceof Error ? error.message : String(error) }),
    ...changes,
  });
  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
  const listen = async (): Promise<void> => {
    page.isReady = true;
    behaviour.ready();
    await settled();
  };
  return { behaviour, sent, asked, listen, settled, page, change: () => changed() };
}

describe('an explorer', () => {
  it('tells its page of the runs, then what is to be shown, each time it is loaded', async () => {
    const { behaviour, sent, listen } = explorer();
    behaviour.show({ item: 'a' });
    expect(sent).toEqual([]);
    await listen();
    const runs = { runs: [{ id: 'r1', label: 'one' }], answering: { run: 'r1' } };
    expect(sent).toEqual([
      { name: 'runs', payload: runs },
      { name: 'show', payload: { item: 'a' } },
    ]);
    await listen();
    expect(sent.slice(2)).toEqual([{ name: 'runs', payload: runs }]);
    behaviour.show({ item: 'b' });
    expect(sent.at(-1)).toEqual({ name: 'show', payload: { item: 'b' } });
  });

  it('tells of the store’s changes only where they change the runs', async () => {
    let label = 'one';
    const { sent, listen, change, settled, behaviour } = explorer({
      runs: () => Promise.resolve([{ id: 'r1', label }]),
    });
    await listen();
    change();
    await settled();
    expect(sent).toHaveLength(1);
    label = 'renamed';
    change();
    await settled();
    expect(sent).toHaveLength(2);
    behaviour.dispose();
    label = 'again';
    change();
    await settled();
    expect(sent).toHaveLength(2);
  });

  it('says what keeps it from its runs, and tells of them when they are there', async () => {
    let fails = true;
    const { sent, listen, change, settled } = explorer({
      runs: () => (fails ? Promise.reject(new Error('the store is gone')) : Promise.resolve([])),
    });
    await listen();
    expect(sent).toEqual([{ name: 'failed', payload: { message: 'the store is gone' } }]);
    fails = false;
    change();
    await settled();
    expect(sent.at(-1)).toEqual({ name: 'runs', payload: { runs: [], answering: { run: 'r1' } } });
  });

  it('passes on what its page asks, with the signal that ends it', async () => {
    const { behaviour, asked } = explorer();
    const { signal } = new AbortController();
    const params = { item: 'x', run: 'r1' };
    await expect(behaviour.requests.item(params, signal)).rejects.toThrow('no engine');
    expect(asked).toEqual([['explorer/item', params, signal]]);
  });
});
