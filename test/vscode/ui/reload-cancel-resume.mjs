// Right click → train in two clicks; reload in the middle; cancel; resume.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { recsys, stepsOf } from '../places.mjs';
import { until } from './until.mjs';

export const title = 'right click → train → reload → cancel → resume';
export const rows = true;

export function prepare(folder) {
  // As after the first time: the columns are known.
  recsys(folder, 'describe', 'playlists.parquet', '--save');
  takeSample(folder, 0.03);
  fs.writeFileSync(path.join(folder, 'notes.md'), 'not data');
}

/** A part of the sequences is enough here: the encoder tunes and trains as long as its data are large. */
function takeSample(folder, share) {
  const file = path.join(folder, 'recsys.json');
  const kept = JSON.parse(fs.readFileSync(file, 'utf8'));
  kept.datasets['playlists.parquet'].sample = share;
  fs.writeFileSync(file, JSON.stringify(kept, null, 2));
}

const runsOf = (folder) => JSON.parse(recsys(folder, 'runs', '--json')).runs;

export async function run({ workbench, folder, check, shot }) {
  const { page } = workbench;
  await check('the menu is there on data files only', async () => {
    await workbench.openContainer('Explorer');
    assert.ok(
      !(await workbench.contextMenuLabels(workbench.file('notes.md'))).some((label) =>
        label.startsWith('RecSys'),
      ),
    );
    await page.keyboard.press('Escape');
    // The name's hover would lie over the next file.
    await page.mouse.move(900, 600);
  });

  await check('Cancel pressed at once stops the run that was started, and nothing else', async () => {
    await workbench.submenu(workbench.file('playlists.parquet'), 'RecSys', 'Train on This File');
    const toast = page.locator('.notification-toast', { hasText: 'starting' }).first();
    await toast.locator('.monaco-text-button', { hasText: 'Cancel' }).click();
    await until(
      () => processesOf(folder),
      (processes) => processes.length === 0,
    );
    const made = runsOf(folder);
    assert.ok(made.every(({ state }) => state === 'cancelled'));
    // Whether it was made before it was cancelled is chance; what follows is about one run.
    for (const { id } of made) recsys(folder, 'rm', id, '--permanently');
  });

  await check('two clicks start a run', async () => {
    await workbench.submenu(workbench.file('playlists.parquet'), 'RecSys', 'Train on This File', {
      beforeClick: () => shot('menu'),
    });
    await workbench.openContainer('RecSys');
    await workbench.row('playlists.parquet').filter({ hasText: '%' }).waitFor();
    assert.equal(await workbench.quickPick().count(), 0);
  });

  await check('after a reload the tree finds it running, with its progress', async () => {
    await workbench.row('playlists.parquet').filter({ hasText: /train/i }).waitFor({ timeout: 120_000 });
    const [before] = runsOf(folder);
    await workbench.reload();
    await workbench.openContainer('RecSys');
    await workbench.row('playlists.parquet').filter({ hasText: '%' }).waitFor();
    await workbench.statusBar('RecSys').waitFor();
    const [after] = runsOf(folder);
    assert.equal(after.state, 'running');
    assert.equal(after.id, before.id);
    assert.equal(
      stepsOf(folder, after.id).filter((step) => step.attempt > 1).length,
      0,
      'nothing was started again',
    );
    await shot('after-reload');
  });

  await check('a live card shows the loss while it trains', async () => {
    await workbench.command('RecSys: Open Result Card');
    const card = workbench.webview();
    await card.getByRole('tab', { name: 'Training' }).click();
    // A drawn curve of numbers, and its last loss in the table beside it.
    await card.locator('[data-chart=loss] [aria-label=line] path').first().waitFor({ timeout: 120_000 });
    await card
      .locator('#loss-table td')
      .filter({ hasText: /^\d+\.\d+$/ })
      .first()
      .waitFor();
    await shot('live-card');
  });

  await check('cancelling stops all processes', async () => {
    const row = workbench.row('playlists.parquet');
    await row.hover();
    await row.locator('.action-label[aria-label^="Cancel Run"]').click();
    const began = Date.now();
    await row.filter({ hasText: 'cancelled' }).waitFor();
    const [run] = runsOf(folder);
    assert.equal(run.state, 'cancelled');
    assert.deepEqual(processesOf(folder), []);
    assert.ok(Date.now() - began < 10_000);
  });

  await check('resuming goes on from the finished steps', async () => {
    const [before] = runsOf(folder);
    const stepsBefore = stepsOf(folder, before.id);
    const row = workbench.row('playlists.parquet');
    await row.hover();
    await row.locator('.action-label[aria-label^="Resume Run"]').click();
    await row.filter({ hasText: '%' }).waitFor();
    const toast = page.locator('.notification-toast', { hasText: 'playlists.parquet:' }).first();
    await toast.locator('.monaco-text-button', { hasText: 'Cancel' }).click();
    await row.filter({ hasText: 'cancelled' }).waitFor();
    await workbench.command('RecSys: Resume Run');
    await row.filter({ hasText: '%' }).waitFor();
    const doneBefore = stepsBefore.filter(({ state }) => state === 'succeeded');
    assert.ok(doneBefore.length > 0);
    // That a resumed run comes to its end is seen elsewhere, and takes minutes here.
    const stepsAfter = await until(
      () => stepsOf(folder, before.id),
      (steps) => steps.some(({ state, attempt }) => state === 'running' && attempt > 1),
      300,
    );
    const [after] = runsOf(folder);
    assert.equal(after.id, before.id);
    for (const step of doneBefore) {
      assert.equal(
        stepsAfter.find(({ path: name }) => name === step.path)?.attempt,
        step.attempt,
        `${step.path} was done again`,
      );
    }
  });
}

/** Processes that work on a workspace's store, the query engine apart. */
function processesOf(folder) {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    })
    .filter(
      (line) => /cli\.mjs|^recsys step/.test(line) && line.includes(folder) && !line.includes(' engine '),
    );
}
