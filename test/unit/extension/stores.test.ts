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
  engineOf('/projects/a/.recsys').runs = [runRow({ id: FIRST })];
  engineOf('/projects/b/.recsys').runs = [runRow({ id: SECOND })];
  window = openWindow('/projects/a', '/projects/b');
  await window.stores.ready();
}

describe('the stores of a window', () => {
  it('show the runs of every folder', async () => {
    await twoFolders();
    expect(window.stores.runs.map(({ id }) => id)).toEqual([FIRST, SECOND]);
    expect(window.stores.of(SECOND)?.site.folder).toBe('/projects/b');
  });

  it('send what is about a run or a file to the engine of its folder', async () => {
    await twoFolders();
    await window.stores.request('run/cancel', { run: SECOND });
    await window.stores.request('data/preview', { path: '/projects/a/x.csv' });
    expect(engineOf('/projects/a/.recsys').asked).toEqual([
      { method: 'data/preview', params: { path: '/projects/a/x.csv' } },
    ]);
    expect(engineOf('/projects/b/.recsys').asked).toEqual([
      { method: 'run/cancel', params: { run: SECOND } },
    ]);
  });

  it('give a file to the innermost folder that holds it, and others to the first', () => {
    window = openWindow('/projects', '/projects/inner', '/projects/inner-not');
    const folderOf = (file: string) => window.stores.ofFile(file).site.folder;
    expect(folderOf('/projects/inner/deep/x.csv')).toBe('/projects/inner');
    expect(folderOf('/projects/x.csv')).toBe('/projects');
    expect(folderOf('/projects/inner-not/..x.csv')).toBe('/projects/inner-not');
    expect(folderOf('/elsewhere/x.csv')).toBe('/projects');
  });

  it('find a run that was made a moment ago', async () => {
    await twoFolders();
    const late = '20261124-120000000-cccc';
    engineOf('/projects/b/.recsys').runs = [runRow({ id: late })];
    await window.stores.request('run/cancel', { run: late });
    expect(engineOf('/projects/b/.recsys').asksOf('run/cancel')).toEqual([{ run: late }]);
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
    window = openWindow('/projects/a', '/projects/b');
    expect(window.stores.all.map(({ site }) => [site.folder, site.settings.storeFolder])).toEqual([
      ['/projects/a', '/shared/store'],
    ]);
  });

  it('follow folders that come and go, and tell of changes', async () => {
    await twoFolders();
    let changes = 0;
    window.stores.onDidChange(() => changes++);
    host.openFolders('/projects/b');
    await window.stores.ready();
    expect(window.stores.runs.map(({ id }) => id)).toEqual([SECOND]);
    expect(changes).toBeGreaterThan(0);
    engineOf('/projects/b/.recsys').runs = [];
    engineOf('/projects/b/.recsys').changed();
    await expect.poll(() => window.stores.runs.length).toBe(0);
  });

  it('move with the setting of their place', async () => {
    engineOf('/projects/a/elsewhere').runs = [runRow({ id: SECOND })];
    window = openWindow('/projects/a');
    await window.stores.ready();
    expect(window.stores.runs).toEqual([]);
    host.set('recsys.storeFolder', 'elsewhere');
    await window.stores.ready();
    expect(window.stores.runs.map(({ id }) => id)).toEqual([SECOND]);
  });
});
