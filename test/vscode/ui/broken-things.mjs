// Broken files, broken runs, a store of a newer version, an engine that dies.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { recsys } from '../places.mjs';
import { writeSmallData } from './small-data.mjs';

export const title = 'broken files, broken runs, a dying engine';

export function prepare(folder) {
  fs.writeFileSync(path.join(folder, 'broken.parquet'), 'this is not a parquet file');
  fs.writeFileSync(path.join(folder, 'empty.csv'), '');
  writeSmallData(folder, { playlists: 60 });
  recsys(
    folder,
    'prepare',
    'small.csv',
    '--name',
    '[x](command:workbench.action.closeWindow) <b>bold</b> $(bug)',
  );
  const broken = path.join(folder, '.recsys/runs/20261101-000000000-dead');
  fs.mkdirSync(broken);
  fs.writeFileSync(path.join(broken, 'run.json'), '{"format": 1,');
}

/** The query engine's process for a workspace. */
function enginePid(folder) {
  const lines = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n');
  const line = lines.find((candidate) => candidate.includes('cli.mjs engine') && candidate.includes(folder));
  return Number(line?.trim().split(' ')[0]);
}

export async function run({ workbench, folder, check, shot }) {
  const { page } = workbench;
  await check('a file that is no parquet gives one clear sentence', async () => {
    await workbench.openContainer('Explorer');
    await workbench.submenu(workbench.file('broken.parquet'), 'RecSys', 'Train on This File');
    const toast = workbench.notification('broken.parquet');
    await toast.waitFor();
    assert.match(await toast.innerText(), /parquet/i);
    await shot('broken-file');
    await page.keyboard.press('Escape');
    await workbench.command('Notifications: Clear All Notifications');
  });

  await check('an empty file does too', async () => {
    await workbench.submenu(workbench.file('empty.csv'), 'RecSys', 'Train on This File');
    await workbench.notification('empty').waitFor();
    await workbench.command('Notifications: Clear All Notifications');
  });

  await check('a broken run is a row that says why, beside those that work', async () => {
    await workbench.openContainer('RecSys');
    await workbench.row('20261101-000000000-dead').filter({ hasText: 'run.json' }).waitFor();
    await workbench.row('<b>bold</b> $(bug)').waitFor();
    await shot('broken-run');
  });

  await check('a hostile run name is text in the tooltip, without links of its own', async () => {
    await workbench.row('<b>bold</b>').hover();
    const hover = page.locator('.monaco-hover:visible', { hasText: 'Parameters' });
    await hover.waitFor();
    assert.ok(
      (await hover.innerText()).includes('[x](command:workbench.action.closeWindow) <b>bold</b> $(bug)'),
    );
    assert.equal(await hover.locator('b').count(), 0);
    const targets = await hover
      .locator('a')
      .evaluateAll((links) =>
        links.map((link) => link.getAttribute('data-href') ?? link.getAttribute('href') ?? ''),
      );
    assert.deepEqual(
      targets.filter((target) => !target.startsWith('command:recsys.openCard')),
      [],
    );
    await page.mouse.move(900, 600);
  });

  await check('a broken run can be deleted', async () => {
    await workbench.contextMenu(workbench.row('20261101-000000000-dead'), 'Delete Run');
    await workbench.row('20261101-000000000-dead').waitFor({ state: 'hidden' });
    await workbench.command('Notifications: Clear All Notifications');
  });

  await check('an engine that dies is started again', async () => {
    const first = enginePid(folder);
    assert.ok(first > 0);
    process.kill(first, 'SIGKILL');
    await workbench.row('Runs cannot be read').waitFor();
    await workbench.row('<b>bold</b>').waitFor();
    await workbench.row('Runs cannot be read').waitFor({ state: 'hidden', timeout: 15_000 });
    const second = enginePid(folder);
    assert.ok(second > 0 && second !== first);
  });

  await check('the engine ends with its window', async () => {
    const before = enginePid(folder);
    await workbench.reload();
    await workbench.openContainer('RecSys');
    await workbench.row('<b>bold</b>').waitFor();
    for (let i = 0; i < 200 && fs.existsSync(`/proc/${before}`); i++) await page.waitForTimeout(100);
    assert.ok(!fs.existsSync(`/proc/${before}`), 'the old engine still runs');
    assert.notEqual(enginePid(folder), before);
  });

  await check('a store of a newer version is an error row that says so', async () => {
    const file = path.join(folder, '.recsys/store.json');
    const kept = fs.readFileSync(file);
    fs.writeFileSync(file, '{"format": 99}');
    await workbench.command('RecSys: Restart Query Engine');
    await workbench.row('Runs cannot be read').filter({ hasText: 'format 99' }).waitFor();
    await shot('newer-store');
    fs.writeFileSync(file, kept);
    await workbench.command('RecSys: Restart Query Engine');
    await workbench.row('Runs cannot be read').waitFor({ state: 'hidden' });
    await workbench.row('<b>bold</b>').waitFor();
  });
}
