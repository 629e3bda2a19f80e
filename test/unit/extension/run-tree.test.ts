import type * as vscode from 'vscode';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Node } from '../../../src/extension/runs/tree-nodes.ts';
import { runRow, runView, stepView } from '../../vscode/suite/sample-views.ts';
import { engineOf, forgetEngines } from './fake-engine.ts';
import { host } from './vscode-stub/host.ts';
import { openWindow, type OpenedWindow } from './window.ts';

vi.mock('../../../src/extension/processes/engine-child.ts', () => import('./fake-engine.ts'));

let window: OpenedWindow;
beforeEach(() => {
  host.reset();
  forgetEngines();
});
afterEach(() => window.dispose());

const A = '/projects/a/.recsys';
const B = '/projects/b/.recsys';
const [OLD, NEW] = ['20261122-120000000-aaaa', '20261123-120000000-bbbb'];
const starred = { tags: [], starred: true };

/** The id of a row without the store its run lies in. */
const short = (id: string): string => id.replace(/\/projects\/[ab]\/\.recsys\/runs\//, '');

async function rows(parent?: Node): Promise<string[]> {
  const nodes = await window.tree.getChildren(parent);
  return nodes.map((node) => `${node.kind} ${short(node.id)}`);
}

async function item(id: string): Promise<vscode.TreeItem> {
  const node = (await window.tree.getChildren()).find((one) => short(one.id) === id);
  return window.tree.getTreeItem(node ?? expect.fail(`there is no row ${id}`));
}

/** Rows that VS Code is told to ask for again; `all` for everything. */
function refreshed(): string[][] {
  const told: string[][] = [];
  window.tree.onDidChangeTreeData((nodes) => told.push(nodes?.map(({ id }) => short(id)) ?? ['all']));
  return told;
}

describe('the tree', () => {
  it('has the runs of the only folder at the top, starred ones first, then the newest', async () => {
    engineOf(A).runs = [runRow({ id: NEW }), runRow({ id: OLD, labels: starred })];
    window = openWindow('/projects/a');
    expect(await rows()).toEqual([`run ${OLD}`, `run ${NEW}`]);
    expect(host.viewMessage).toBe('2 runs · 2.5 MB');
  });

  it('is grouped by folder where there are several, and a folder without runs says so', async () => {
    engineOf(B).runs = [runRow({ id: NEW, state: 'running' })];
    window = openWindow('/projects/a', '/projects/b');
    expect(await rows()).toEqual(['folder folder:/projects/a', 'folder folder:/projects/b']);
    const [a, b] = await window.tree.getChildren();
    expect(await rows(a)).toEqual([]);
    expect(await rows(b)).toEqual([`run ${NEW}`]);
    expect(window.tree.getTreeItem(a ?? expect.fail())).toMatchObject({ label: 'a', description: 'no runs' });
    expect((await item('folder:/projects/b')).description).toBe('1 run, 1 running · 1.2 MB');
    expect(host.viewMessage).toBe('1 run, 1 running · 1.2 MB');
  });

  it('is empty, with its welcome, where no folder has a run', async () => {
    window = openWindow('/projects/a', '/projects/b');
    expect(await rows()).toEqual([]);
  });

  it('asks only for what changed', async () => {
    engineOf(A).runs = [runRow({ id: OLD })];
    engineOf(B).runs = [runRow({ id: NEW })];
    window = openWindow('/projects/a', '/projects/b');
    await window.tree.getChildren();
    const told = refreshed();
    engineOf(B).runs = [runRow({ id: NEW, state: 'failed' })];
    await window.stores.load();
    expect(told.flat()).toContain(NEW);
    expect(told.flat()).not.toContain('all');
    expect(told.flat()).not.toContain(OLD);
  });

  it('asks for a folder again where its runs come and go', async () => {
    engineOf(A).runs = [runRow({ id: OLD })];
    window = openWindow('/projects/a', '/projects/b');
    await window.tree.getChildren();
    const told = refreshed();
    engineOf(B).runs = [runRow({ id: NEW })];
    await window.stores.load();
    expect(told.flat()).toContain('folder:/projects/b');
    const [, b] = await window.tree.getChildren();
    expect(await rows(b)).toEqual([`run ${NEW}`]);
  });

  it('keeps the object of a row, by which VS Code knows it', async () => {
    engineOf(A).runs = [runRow({ id: OLD })];
    window = openWindow('/projects/a');
    const [before] = await window.tree.getChildren();
    engineOf(A).runs = [runRow({ id: OLD, state: 'failed' })];
    await window.stores.load();
    const [after] = await window.tree.getChildren();
    expect(after).toBe(before);
    expect((await item(OLD)).contextValue).toContain('resumable');
  });

  it('shows a store that cannot be read, and what was seen of it last', async () => {
    engineOf(A).runs = [runRow({ id: OLD })];
    window = openWindow('/projects/a');
    await window.stores.ready();
    engineOf(A).isDown = true;
    await window.stores.load();
    expect(await rows()).toEqual(['error error:/projects/a', `run ${OLD}`]);
    expect((await item('error:/projects/a')).description).toContain('has stopped');
  });

  it('tells apart the errors of several folders', async () => {
    engineOf(A).isDown = true;
    engineOf(B).isDown = true;
    window = openWindow('/projects/a', '/projects/b');
    const folders = await window.tree.getChildren();
    const errors = await Promise.all(folders.map((folder) => rows(folder)));
    expect(errors).toEqual([['error error:/projects/a'], ['error error:/projects/b']]);
  });

  it('shows a folder that is no run', async () => {
    engineOf(A).broken = [{ id: OLD, folder: `${A}/runs/${OLD}`, message: 'run.json is broken' }];
    window = openWindow('/projects/a');
    expect(await rows()).toEqual([`error broken:${OLD}`]);
    expect(host.viewMessage).toBe('1 cannot be read · 0 B');
  });

  it('asks for the steps of a run when it is opened', async () => {
    engineOf(A).runs = [runRow({ id: OLD })];
    engineOf(A).handlers['run/view'] = () =>
      runView({ id: OLD, folder: `${A}/runs/${OLD}`, steps: [stepView()] });
    window = openWindow('/projects/a');
    const [run] = await window.tree.getChildren();
    expect(engineOf(A).asksOf('run/view')).toEqual([]);
    expect(await rows(run)).toEqual([`step ${OLD}/prepare`]);
  });

  it('tells apart runs of two folders that have the same id, as copies have', async () => {
    engineOf(A).runs = [runRow({ id: OLD })];
    engineOf(B).runs = [runRow({ id: OLD, state: 'failed' })];
    engineOf(A).handlers['run/view'] = () => runView({ folder: `${A}/runs/${OLD}` });
    engineOf(B).handlers['run/view'] = () => runView({ folder: `${B}/runs/${OLD}` });
    window = openWindow('/projects/a', '/projects/b');
    const folders = await window.tree.getChildren();
    const runs = (await Promise.all(folders.map((folder) => window.tree.getChildren(folder)))).flat();
    expect(runs.map(({ id }) => id)).toEqual([`${A}/runs/${OLD}`, `${B}/runs/${OLD}`]);
    const states = runs.map((run) => window.tree.getTreeItem(run).contextValue);
    expect(states.map((tokens) => tokens?.includes('resumable'))).toEqual([false, true]);
    const steps = (await Promise.all(runs.map((run) => window.tree.getChildren(run)))).flat();
    expect(steps.map(({ id }) => id)).toEqual([`${A}/runs/${OLD}/prepare`, `${B}/runs/${OLD}/prepare`]);
    await window.tree.reveal(`${B}/runs/${OLD}`);
    expect(host.revealed).toMatchObject([{ id: `${B}/runs/${OLD}` }]);
  });

  it('reveals the run that runs, in its folder', async () => {
    engineOf(A).runs = [runRow({ id: OLD })];
    engineOf(B).runs = [runRow({ id: NEW, state: 'running' })];
    window = openWindow('/projects/a', '/projects/b');
    const [, b] = await window.tree.getChildren();
    await window.tree.reveal(undefined);
    expect(host.executedIds()).toContain('recsys.runs.focus');
    expect(host.revealed).toMatchObject([{ kind: 'run', id: `${B}/runs/${NEW}` }]);
    const [run] = await window.tree.getChildren(b);
    expect(window.tree.getParent(run ?? expect.fail())).toBe(b);
  });
});

describe('a row', () => {
  it('says star, state and data to a screen reader, and opens the card', async () => {
    const labels = { name: 'baseline', tags: [], starred: true };
    engineOf(A).runs = [runRow({ id: OLD, labels })];
    window = openWindow('/projects/a');
    const row = await item(OLD);
    expect(row.label).toBe('baseline');
    expect(row.description).toMatch(/^★ playlists\.parquet · /);
    expect(row.accessibilityInformation?.label).toMatch(/^baseline, starred, succeeded, playlists\.parquet/);
    expect(row.command).toMatchObject({ command: 'recsys.clickRun' });
  });

  it('of a running run says how far the run is, and what it does', async () => {
    const progress = {
      type: 'progress',
      stage: 'epoch 2 of 6',
      done: 1,
      total: 4,
      unit: 'rows',
      rate: 0.04,
    } as const;
    const activity = { step: 'train', title: 'recency-encoder', count: 1, progress };
    engineOf(A).runs = [runRow({ id: OLD, state: 'running', fraction: 0.5, secondsLeft: 130, activity })];
    window = openWindow('/projects/a');
    expect((await item(OLD)).description).toBe(
      '50 % · about 2 min left · train recency-encoder · epoch 2 of 6',
    );
  });

  it('of a cancelled tuning shows what it found', async () => {
    const leading = { path: 'explore/trial-003', metric: 'hitRate@10', value: 0.125 };
    engineOf(A).runs = [runRow({ id: OLD, state: 'cancelled', tunes: 'markov', leading })];
    window = openWindow('/projects/a');
    expect((await item(OLD)).description).toMatch(/^cancelled · best so far 0\.125 · /);
  });

  it('has what was given, the seed, the best model and the verdict in its tooltip, and nothing else of 80 parameters', async () => {
    const many = Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`encoder${i}`, i]));
    const view = runView({ id: OLD });
    const parameters = { ...many, seed: 7, epochs: 12 };
    engineOf(A).runs = [
      runRow({
        ...{ id: OLD, best: 'markov', verdict: 'markov is above popularity.' },
        headline: { metric: 'hitRate@10', value: 0.25 },
      }),
    ];
    engineOf(A).handlers['run/view'] = () => ({
      ...view,
      manifest: { ...view.manifest, parameters, given: ['epochs', 'seed'] },
    });
    window = openWindow('/projects/a');
    const [node] = await window.tree.getChildren();
    const resolved = await window.tree.resolveTreeItem(await item(OLD), node ?? expect.fail());
    const { value } = resolved.tooltip as vscode.MarkdownString;
    expect(value).toContain('markov is above popularity');
    expect(value).toMatch(/\| Best model \| markov\\, hitRate\\@10 0\\\.2500 \|/);
    expect(value).toContain('| Seed | 7 |');
    expect(value).toContain('| epochs | 12 |');
    expect(value).not.toMatch(/encoder|more/);
  });
});
