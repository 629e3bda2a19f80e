import * as z from 'zod/mini';
import { describe, expect, it } from 'vitest';
import { PanelPageHost } from '../../../src/extension/panels/host.ts';
import { Panels, definePanel } from '../../../src/extension/panels/registry.ts';
import type { PanelHandle } from '../../../src/extension/panels/registry.ts';
import { definePanelContract } from '../../../src/protocol/panels/contract.ts';
import { KeptState } from '../../../src/protocol/panels/setup.ts';
import { FakeWindow, kept } from './fake-panel-window.ts';
import type { FakePanel } from './fake-panel-window.ts';

const toy = definePanelContract({
  name: 'toy',
  version: 3,
  key: z.object({ run: z.string(), model: z.string() }),
  state: z.object({}),
  requests: { double: { params: z.object({ n: z.number() }), reply: z.number() } },
  events: { told: z.string() },
  strings: { hello: 'Hello' },
});
const key = { run: 'a', model: 'b' };
/** The same key, written in another order. */
const sameKey = { model: 'b', run: 'a' };

/** Panels of the toy, whose contract arrives when the test says so. */
function toyPanels() {
  const window = new FakeWindow({ PanelPageHost, KeptState });
  let load: () => void = () => undefined;
  const contract = new Promise<typeof toy>((resolve) => (load = () => resolve(toy)));
  const started: PanelHandle<typeof toy>[] = [];
  let ended = 0;
  const definition = definePanel<typeof toy>({
    name: 'toy',
    contract: () => contract,
    start: (panel) => {
      started.push(panel);
      return {
        requests: { double: ({ n }) => 2 * n },
        ready: () => void panel.send('told', `told ${panel.key.run}`),
        dispose: () => ended++,
      };
    },
  });
  const panels = new Panels(definition, window);
  return { window, panels, started, ended: () => ended, load: () => load() };
}

/** What a living panel does: it answers. */
async function answers(panel: FakePanel): Promise<boolean> {
  panel.receive({ type: 'request', id: 7, method: 'double', params: { n: 21 } });
  await new Promise(setImmediate);
  return panel.posted.some((message) => JSON.stringify(message) === '{"type":"reply","id":7,"value":42}');
}

describe('one panel a key', () => {
  const steps = {
    open: ({ panels }: ReturnType<typeof toyPanels>) => panels.open(key, 'Toy'),
    openAgain: ({ panels }: ReturnType<typeof toyPanels>) => panels.open(sameKey, 'Toy'),
    restore: ({ panels, window }: ReturnType<typeof toyPanels>) =>
      panels.deserializeWebviewPanel(window.newPanel(), kept(3, key)),
    restoreAgain: ({ panels, window }: ReturnType<typeof toyPanels>) =>
      panels.deserializeWebviewPanel(window.newPanel(), kept(3, sameKey)),
  } as const;
  const names = Object.keys(steps) as (keyof typeof steps)[];
  const pairs = names.flatMap((first) =>
    names.flatMap((second) => (first === second ? [] : ([[first, second]] as const))),
  );

  it.each(pairs)('%s, then %s, before the contract is loaded', async (first, second) => {
    const toys = toyPanels();
    const both = [steps[first](toys), steps[second](toys)];
    toys.load();
    await Promise.all(both);
    await expectOne(toys);
  });

  it.each(pairs)('%s, then %s, one after the other', async (first, second) => {
    const toys = toyPanels();
    toys.load();
    await steps[first](toys);
    await steps[second](toys);
    await expectOne(toys);
  });

  it.each(pairs)('%s during %s', async (first, second) => {
    const toys = toyPanels();
    const begun = steps[second](toys);
    toys.load();
    await Promise.resolve();
    await Promise.all([begun, steps[first](toys)]);
    await expectOne(toys);
  });

  async function expectOne({ window, started, ended }: ReturnType<typeof toyPanels>): Promise<void> {
    const living = window.panels.filter((panel) => !panel.isDisposed);
    expect(living).toHaveLength(1);
    expect(started).toHaveLength(1);
    expect(ended()).toBe(0);
    expect(await answers(living[0] ?? window.newPanel())).toBe(true);
  }

  it('stays alive when the second of two is closed, which VS Code does after it is gone', async () => {
    const toys = toyPanels();
    toys.load();
    await toys.panels.open(key, 'Toy');
    const [first] = toys.window.panels;
    const second = toys.window.newPanel();
    await toys.panels.deserializeWebviewPanel(second, kept(3, key));
    expect(second.isDisposed).toBe(true);
    second.dispose();
    expect(first !== undefined && (await answers(first))).toBe(true);
    await toys.panels.open(key, 'Toy');
    expect(toys.window.panels).toHaveLength(2);
    expect(first?.revealed).toBe(2);
  });

  it('is made anew after it was closed', async () => {
    const toys = toyPanels();
    toys.load();
    await toys.panels.open(key, 'Toy');
    toys.window.panels[0]?.dispose();
    expect(toys.ended()).toBe(1);
    await toys.panels.open(key, 'Toy');
    expect(toys.window.panels.filter((panel) => !panel.isDisposed)).toHaveLength(1);
    expect(toys.started).toHaveLength(2);
  });

  it('forgets a panel that was closed while it was being restored', async () => {
    const toys = toyPanels();
    const closed = toys.window.newPanel();
    const restored = toys.panels.deserializeWebviewPanel(closed, kept(3, key));
    closed.dispose();
    toys.load();
    await restored;
    expect(toys.started).toHaveLength(0);
    await toys.panels.open(key, 'Toy');
    expect(toys.window.panels.filter((panel) => !panel.isDisposed)).toHaveLength(1);
  });

  it('has other panels for other keys', async () => {
    const toys = toyPanels();
    toys.load();
    await Promise.all([toys.panels.open(key, 'Toy'), toys.panels.open({ run: 'a', model: 'c' }, 'Toy')]);
    expect(toys.window.panels.filter((panel) => !panel.isDisposed)).toHaveLength(2);
  });

  it.each([undefined, null, 'x', {}, { key }, kept(3, { run: 'a' }), kept(3, 'a')])(
    'closes a tab whose state is of no use: %j',
    async (state) => {
      const toys = toyPanels();
      toys.load();
      const panel = toys.window.newPanel();
      await toys.panels.deserializeWebviewPanel(panel, state);
      expect(panel.isDisposed).toBe(true);
      expect(toys.started).toHaveLength(0);
    },
  );

  it('ends what it does with the extension, and leaves the tabs to VS Code', async () => {
    const toys = toyPanels();
    toys.load();
    await toys.panels.open(key, 'Toy');
    toys.panels.dispose();
    expect(toys.ended()).toBe(1);
    expect(toys.window.panels[0]?.isDisposed).toBe(false);
    expect(toys.window.serializers.size).toBe(0);
    await toys.panels.open(key, 'Toy');
    expect(toys.window.panels).toHaveLength(1);
  });
});

describe('the page of a panel', () => {
  it('is made by the contract, with translated texts, and is told everything whenever it is loaded', async () => {
    const toys = toyPanels();
    toys.load();
    await toys.panels.open(key, 'Toy');
    const [panel] = toys.window.panels;
    expect(panel?.viewType).toBe('recsys.toy');
    expect(panel?.webview.html).toContain('src="asset:toy.js"');
    expect(panel?.webview.html).toContain('"strings":{"hello":"‹Hello›"}');
    expect(panel?.posted).toEqual([]);
    panel?.receive({ type: 'ready', version: 3 });
    panel?.receive({ type: 'ready', version: 3 });
    const told = { type: 'event', name: 'told', payload: 'told a' };
    expect(panel?.posted).toEqual([told, told]);
  });

  it('is not sent to while it is hidden, since VS Code has unloaded it', async () => {
    const toys = toyPanels();
    toys.load();
    await toys.panels.open(key, 'Toy');
    const [panel] = toys.window.panels;
    panel?.receive({ type: 'ready', version: 3 });
    panel?.show(false);
    expect(toys.started[0]?.isReady()).toBe(false);
    expect(toys.started[0]?.send('told', 'x')).toBe(false);
    expect(panel?.posted).toHaveLength(1);
  });
});
