import assert from 'node:assert/strict';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { PanelPageHost } from '../../../src/extension/panels/host.ts';
import { Panels, definePanel } from '../../../src/extension/panels/registry.ts';
import type { PanelHandle } from '../../../src/extension/panels/registry.ts';
import { panelWindow } from '../../../src/extension/panels/vscode-window.ts';
import { KeptState } from '../../../src/protocol/panels/setup.ts';
import { toyPanel } from '../../fixtures/toy-panel/contract.ts';
import type { ToyContract } from '../../fixtures/toy-panel/contract.ts';
import { suite } from './define.ts';
import { eventually, extensionUnderTest } from './extension-under-test.ts';

const POINTS = 100_000;
const ROUNDS = 20;
const WANTED_MS = 50;

const now = (): number => performance.timeOrigin + performance.now();

/** The toy in a real webview, which only this suite knows; its view was built beside the suite. */
function toyPanels(received: (params: { round: number; at: number; rows: number; sum: number }) => void) {
  const views = process.env['RECSYS_TEST_VIEWS'] ?? '';
  const log = vscode.window.createOutputChannel('RecSys tests', { log: true });
  const window = panelWindow(extensionUnderTest().extensionUri, log, vscode.Uri.file(path.resolve(views)));
  let handle: PanelHandle<ToyContract> | undefined;
  const toy = definePanel<ToyContract>({
    name: 'toy',
    contract: () => Promise.resolve(toyPanel),
    start: (panel) => {
      handle = panel;
      return {
        requests: {
          sum: ({ values }) => values.reduce((before, value) => before + value, 0),
          hang: () => new Promise(() => undefined),
          received: (params) => {
            received(params);
            return null;
          },
        },
        ready: () => undefined,
        dispose: () => undefined,
      };
    },
  });
  const machinery = (): Promise<{ PanelPageHost: typeof PanelPageHost; KeptState: typeof KeptState }> =>
    Promise.resolve({ PanelPageHost, KeptState });
  const panels = new Panels(toy, { ...window, machinery });
  return {
    panels,
    handle: () => handle,
    dispose: () => {
      panels.dispose();
      log.dispose();
    },
  };
}

function points(round: number): { rows: number; values: Float32Array } {
  // Whole numbers that 32-bit floats hold, and sums that 64-bit ones do.
  return {
    rows: POINTS,
    values: Float32Array.from({ length: 2 * POINTS }, (_, index) => (index + round) % 1024),
  };
}

export const bytesSuite = suite('bytes in a webview', {
  // A figure on the clock of a shared machine is reported, not judged; that all bytes arrive as they are is judged.
  'arrive as they were sent, 100,000 × 2 floats': async () => {
    const arrived = new Map<number, { at: number; rows: number; sum: number }>();
    const toys = toyPanels((params) => arrived.set(params.round, params));
    try {
      await toys.panels.open('bytes', 'Toy');
      const panel = await eventually(
        () => toys.handle(),
        (handle) => handle?.isReady() === true,
        60_000,
      );
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const sent = points(round);
        const began = now();
        panel?.send('points', { round, points: sent });
        const got = await eventually(
          () => arrived.get(round),
          (message) => message !== undefined,
          30_000,
        );
        assert.equal(got?.rows, POINTS);
        assert.equal(
          got.sum,
          sent.values.reduce((before, value) => before + value, 0),
        );
        times.push(got.at - began);
      }
      times.sort((a, b) => a - b);
      const at = (share: number): string => (times[Math.floor(share * (times.length - 1))] ?? NaN).toFixed(1);
      console.log(
        `      from the host's post to the page's receipt: median ${at(0.5)} ms, fastest ${at(0)} ms, slowest ${at(1)} ms (wanted: ${WANTED_MS})`,
      );
    } finally {
      toys.dispose();
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    }
  },

  'have one panel a key, however often it is opened': async () => {
    const toys = toyPanels(() => undefined);
    try {
      await Promise.all([
        toys.panels.open('one', 'Toy'),
        toys.panels.open('one', 'Toy'),
        toys.panels.open('two', 'Toy'),
      ]);
      const tabs = (): vscode.Tab[] =>
        vscode.window.tabGroups.all
          .flatMap((group) => group.tabs)
          .filter(
            ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('recsys.toy'),
          );
      await eventually(
        () => tabs().length,
        (count) => count === 2,
      );
    } finally {
      toys.dispose();
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    }
  },
});
