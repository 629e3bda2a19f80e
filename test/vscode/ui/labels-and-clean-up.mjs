// Star, name, tags, note; copy as command; log; delete with undo; clean up.
import assert from 'node:assert/strict';
import { recsys } from '../places.mjs';
import { writeSmallData } from './small-data.mjs';
import { until } from './until.mjs';

export const title = 'labels, copy as command, log, delete, clean up';

export function prepare(folder) {
  writeSmallData(folder, { playlists: 60 });
  for (const name of ['first', 'second', 'third'])
    recsys(folder, 'prepare', 'small.csv', '--note', name, '--seed', String(name.length));
}

const runsOf = (folder) => JSON.parse(recsys(folder, 'runs', '--json')).runs;

export async function run({ workbench, folder, check, shot }) {
  const { page } = workbench;
  const newest = () => workbench.rows().nth(0);
  await workbench.openContainer('RecSys');
  await workbench.row('small.csv').waitFor();

  await check('the view sums up its runs and their size', async () => {
    await page.locator('.sidebar .pane-body .message', { hasText: /3 runs · [\d.]+ [kM]B/ }).waitFor();
  });

  await check('a run gets a name, tags, a note and a star', async () => {
    await workbench.contextMenu(newest(), 'Rename Run');
    await workbench.answer('Name of the run', 'baseline');
    await workbench.contextMenu(workbench.row('baseline'), 'Edit Tags');
    await workbench.answer('Tags of baseline', 'paper, #draft');
    await workbench.contextMenu(workbench.row('#paper #draft'), 'Edit Note');
    await workbench.answer('Note on baseline', 'before the change');
    await workbench.contextMenu(workbench.row('baseline'), 'Star Run');
    await workbench.row('baseline').filter({ hasText: '★' }).waitFor();
    const [labelled] = runsOf(folder).filter(({ labels }) => labels.name === 'baseline');
    assert.deepEqual(labelled.labels, {
      name: 'baseline',
      tags: ['paper', 'draft'],
      note: 'before the change',
      starred: true,
    });
    await shot('labels');
  });

  await check('a starred run stands at the top, and a named one still shows its data', async () => {
    assert.match(await newest().innerText(), /baseline[\s\S]*★ small\.csv/);
    assert.match(await newest().getAttribute('aria-label'), /^baseline, starred, /);
  });

  await check('F2 renames the selected run, Escape keeps its name', async () => {
    await newest().click();
    await page.keyboard.press('F2');
    await page.locator('.quick-input-widget:visible', { hasText: 'Name of the run' }).waitFor();
    await page.keyboard.press('Escape');
    await workbench.row('baseline').waitFor();
  });

  await check('Enter opens the card, titled by name and data, and so does a double click', async () => {
    const tab = page.locator('.tabs-container .tab', { hasText: 'baseline · small.csv' });
    await newest().click();
    await page.keyboard.press('Enter');
    await tab.waitFor();
    await tab.click({ button: 'middle' });
    await tab.waitFor({ state: 'hidden' });
    await newest().dblclick();
    await tab.waitFor();
    await tab.click({ button: 'middle' });
    await tab.waitFor({ state: 'hidden' });
  });

  // A double click may have opened the newest run: rows of its steps are no runs.
  const runRows = workbench.rows().and(page.locator('[aria-level="1"]'));

  await check('a step that is selected does not stand for its run: Delete says so', async () => {
    if ((await newest().getAttribute('aria-expanded')) !== 'true') {
      await newest().click();
      await page.keyboard.press('ArrowRight');
    }
    await workbench.rows().and(page.locator('[aria-level="2"]')).first().click();
    await page.keyboard.press('Delete');
    await workbench.notification('Only whole runs can be deleted.').waitFor();
    assert.equal(runsOf(folder).length, 3);
  });

  await check('several rows can be selected, and Delete deletes them, with a way back', async () => {
    // A tree that is drawn anew between two clicks forgets the first one.
    await until(
      async () => {
        await runRows.nth(1).click();
        await runRows.nth(2).click({ modifiers: ['Shift'] });
        return runRows.and(page.locator('[aria-selected=true]')).count();
      },
      (selected) => selected === 2,
    );
    await page.keyboard.press('Delete');
    await until(
      () => runsOf(folder),
      (runs) => runs.length === 1,
    );
    const toast = workbench.notification('Deleted 2 runs.');
    await toast.locator('.monaco-text-button', { hasText: 'Undo' }).click();
    await until(
      () => runsOf(folder),
      (runs) => runs.length === 3,
    );
    await runRows.nth(2).waitFor();
  });

  await check('copy as command gives the command of the run', async () => {
    await workbench.contextMenu(workbench.row('baseline'), 'Copy as Command');
    await until(
      () => page.evaluate(() => navigator.clipboard.readText()),
      (copied) => /^recsys (run|prepare) .*small\.csv/.test(copied),
    );
  });

  await check('the log opens as a read-only document', async () => {
    await workbench.contextMenu(workbench.row('baseline'), 'Open Log');
    await page.locator('.tab', { hasText: '.log' }).waitFor();
    await page.locator('.monaco-editor .view-lines', { hasText: 'prepare' }).first().waitFor();
  });

  await check('a deleted run can be brought back', async () => {
    await workbench.contextMenu(workbench.row('baseline'), 'Delete Run');
    await until(
      () => runsOf(folder),
      (runs) => runs.length === 2,
    );
    await workbench
      .notification('Deleted baseline')
      .locator('.monaco-text-button', { hasText: 'Undo' })
      .click();
    await until(
      () => runsOf(folder),
      (runs) => runs.length === 3,
    );
    await workbench.row('baseline').waitFor();
  });

  await check('clean up lists what it would delete, with the bytes, and asks', async () => {
    await workbench.command('RecSys: Clean Up Runs');
    await workbench.quickRow('Keep another number').click();
    await workbench.answer('How many of the latest runs', '0');
    const dialog = page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /Delete 2 runs \([\d.]+ [kM]B\)\?/);
    await shot('clean-up');
    assert.equal(runsOf(folder).length, 3);
    await dialog.locator('.monaco-button', { hasText: 'Delete 2 runs' }).click();
    const left = await until(
      () => runsOf(folder),
      (runs) => runs.length === 1,
    );
    assert.equal(left[0].labels.name, 'baseline', 'starred, named and tagged runs are kept');
  });
}
