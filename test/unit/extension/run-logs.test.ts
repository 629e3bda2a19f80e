import * as vscode from 'vscode';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RunLogs } from '../../../src/extension/runs/run-logs.ts';
import { runRow } from '../../vscode/suite/sample-views.ts';
import { engineOf, forgetEngines } from './fake-engine.ts';
import { host } from './vscode-stub/host.ts';
import { openWindow, type OpenedWindow } from './window.ts';

vi.mock('../../../src/extension/processes/engine-child.ts', () => import('./fake-engine.ts'));

const A = '/projects/a/.recsys';
const B = '/projects/b/.recsys';
const ID = '20261122-120000000-aaaa';

let window: OpenedWindow;
let logs: RunLogs;
beforeEach(() => {
  host.reset();
  forgetEngines();
  for (const store of [A, B]) {
    engineOf(store).runs = [runRow({ id: ID })];
    engineOf(store).handlers['run/log'] = () => ({ text: store, at: '', restarted: false, more: false });
  }
  window = openWindow('/projects/a', '/projects/b');
  logs = new RunLogs(window.stores);
});
afterEach(() => {
  logs.dispose();
  window.dispose();
});

const address = (query?: string) =>
  vscode.Uri.from({ scheme: 'recsys-log', path: `/${ID}/train/markov.log`, ...(query && { query }) });

describe('the logs of two runs of the same id', () => {
  it('are those of their stores', async () => {
    expect(await logs.provideTextDocumentContent(address(`${B}/runs/${ID}`))).toBe(B);
    expect(await logs.provideTextDocumentContent(address(`${A}/runs/${ID}`))).toBe(A);
    expect(engineOf(B).asksOf('run/log')).toEqual([{ run: ID, step: 'train/markov' }]);
  });

  it('are found without a folder, as an earlier version addressed them', async () => {
    expect(await logs.provideTextDocumentContent(address())).toBe(A);
  });
});
