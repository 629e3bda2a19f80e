import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runRow } from '../../vscode/suite/sample-views.ts';
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

const [FIRST, SECOND] = ['20261122-120000000-aaaa', '20261123-120000000-bbbb'];

/** Two folders with a run each. */
async function twoFolders(): Promise<void> {
  engineOf('/work/a/.recsys').runs = [runRow({ id: FIRST })];
  engineOf('/work/b/.recsys').runs = [runRow({ id: SECOND })];
  window = openWindow('/work/a', '/work/b');
  await window.stores.ready();
}

describe('the stores of a window', () => {
  it('show the runs of every folder', async () => {
    await twoFolders();
    expect(window.stores.runs.map(({ id }) => id)).toEqual([FIRST, SECOND]);
    expect(window.stores.of(SECOND)?.site.folder).toBe('/work/b');
  });

  it('send what is about a run or a file to the engine of its folder', async () => {
    await twoFolders();
    await window.stores.request('run/cancel', { run: SECOND });
    await window.stores.request('data/preview', { path: '/work/a/x.csv' });
    expect(engineOf('/work/a/.recsys').asked).toEqual([
      { method: 'data/preview', params: { path: '/work/a/x.csv' } },
    ]);
    expect(engineOf('/work/b/.recsys').asked).toEqual([{ method: 'run/cancel', params: { run: SECOND } }]);
  });

  it('give a file to the innermost folder that holds it, and others to the first', () => {
    window = openWindow('/work', '/work/inner', '/work/inner-not');
    const folderOf = (file: string) => window.stores.ofFile(file).site.folder;
    expect(folderOf('/work/inner/deep/x.csv')).toBe('/work/inner');
    expect(folderOf('/work/x.csv')).toBe('/work');
    expect(folderOf('/work/inner-not/..x.csv')).toBe('/work/inner-not');
    expect(folderOf('/elsewhere/x.csv')).toBe('/work');
  });

  it('find a run that was made a moment ago', async () => {
    await twoFolders();
    const late = '20261124-120000000-cccc';
    engineOf('/work/b/.recsys').runs = [runRow({ id: late })];
    await window.stores.request('run/cancel', { run: late });
    expect(engineOf('/work/b/.recsys').asksOf('run/cancel')).toEqual([{ run: late }]);
  });

  it('say so where a run is gone, and where no folder is open', async () => {
    await twoFolders();
    await expect(window.stores.request('run/cancel', { run: 'gone' })).rejects.toThrow(
      'Run gone is not in the store any more.',
    );
    window.dispose();
    host.reset();
    window = openWindow();
    host.folders = undefined;
    await expect(window.stores.request('models/tunable', {})).rejects.toThrow('No folder is open.');
  });

  it('are one where a setting gives several folders the same', () => {
    host.set('recsys.storeFolder', '/shared/store');
    window = openWindow('/work/a', '/work/b');
    expect(window.stores.all.map(({ site }) => [site.folder, site.settings.storeFolder])).toEqual([
      ['/work/a', '/shared/store'],
    ]);
  });

  it('follow folders that come and go, and tell of changes', async () => {
    await twoFolders();
    let changes = 0;
    window.stores.onDidChange(() => changes++);
    host.openFolders('/work/b');
    await window.stores.ready();
    expect(window.stores.runs.map(({ id }) => id)).toEqual([SECOND]);
    expect(changes).toBeGreaterThan(0);
    engineOf('/work/b/.recsys').runs = [];
    engineOf('/work/b/.recsys').changed();
    await expect.poll(() => window.stores.runs.length).toBe(0);
  });

  it('move with the setting of their place', async () => {
    engineOf('/work/a/elsewhere').runs = [runRow({ id: SECOND })];
    window = openWindow('/work/a');
    await window.stores.ready();
    expect(window.stores.runs).toEqual([]);
    host.set('recsys.storeFolder', 'elsewhere');
    await window.stores.ready();
    expect(window.stores.runs.map(({ id }) => id)).toEqual([SECOND]);
  });
});
