// A workspace of two folders: runs of both are shown, and a file's run goes to the folder that holds it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { recsys } from '../places.mjs';
import { writeSmallData } from './small-data.mjs';

export const title = 'a workspace of two folders';
export const workspace = 'both.code-workspace';

const inside = (folder) => ['first', 'second'].map((name) => path.join(folder, name));

export function prepare(folder) {
  const [first, second] = inside(folder);
  for (const place of [first, second]) fs.mkdirSync(place);
  writeSmallData(first, { name: 'one.csv', playlists: 60 });
  writeSmallData(second, { name: 'two.csv', playlists: 60 });
  recsys(first, 'describe', 'one.csv', '--save');
  recsys(second, 'describe', 'two.csv', '--save');
  recsys(second, 'prepare', 'two.csv', '--name', 'known before');
  const folders = [{ path: 'first' }, { path: 'second' }];
  fs.writeFileSync(path.join(folder, workspace), JSON.stringify({ folders }));
}

const runsOf = (folder) => JSON.parse(recsys(folder, 'runs', '--json')).runs;

export async function run({ workbench, folder, check, shot }) {
  const [first, second] = inside(folder);
  await check('runs are grouped by folder, and a folder without runs says so', async () => {
    await workbench.openContainer('RecSys');
    await workbench.row('known before').waitFor();
    await workbench.row('first').filter({ hasText: 'no runs' }).waitFor();
    await workbench.row('second').filter({ hasText: '1 run' }).waitFor();
    await shot('folders');
  });

  await check('a file is run in the store of its folder', async () => {
    await workbench.openContainer('Explorer');
    // The first folder of a workspace may be open already.
    if (!(await workbench.file('one.csv').isVisible())) await workbench.file('first').click();
    await workbench.submenu(workbench.file('one.csv'), 'RecSys', 'Prepare Data from This File');
    await workbench.openContainer('RecSys');
    await workbench.row('one.csv').filter({ hasText: 'prepare done' }).waitFor({ timeout: 60_000 });
    assert.equal(runsOf(first).length, 1);
    assert.equal(runsOf(second).length, 1);
    assert.deepEqual(fs.readdirSync(first).sort(), ['.recsys', 'one.csv', 'recsys.json']);
  });

  await check('a run of the second folder is renamed and deleted there', async () => {
    await workbench.contextMenu(workbench.row('known before'), 'Rename Run');
    await workbench.answer('Name of the run', 'renamed');
    await workbench.contextMenu(workbench.row('renamed'), 'Delete Run');
    await workbench.row('renamed').waitFor({ state: 'hidden' });
    assert.equal(runsOf(second).length, 0);
    assert.equal(runsOf(first).length, 1);
  });
}
