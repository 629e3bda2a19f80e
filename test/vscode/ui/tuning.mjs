// Tune a kind from the explorer's menu, watch it, read its card, and go on with it from the Runs view.
import assert from 'node:assert/strict';
import { recsys, stepsOf } from '../places.mjs';
import { writeSmallData } from './small-data.mjs';

export const title = 'tune → best so far → card → more trials';

export function prepare(folder) {
  writeSmallData(folder, { playlists: 200 });
  recsys(folder, 'describe', 'small.csv', '--save');
}

const runsOf = (folder) => JSON.parse(recsys(folder, 'runs', '--json')).runs;

export async function run({ workbench, folder, check, shot }) {
  const { page } = workbench;
  const done = async () => {
    const toast = workbench.notification('small.csv is done');
    await toast.waitFor({ timeout: 180_000 });
    await workbench.command('Notifications: Clear All Notifications');
    await toast.waitFor({ state: 'hidden' });
  };

  await check('right click asks for the kind, then for the budget', async () => {
    await workbench.openContainer('Explorer');
    await workbench.submenu(workbench.file('small.csv'), 'RecSys', 'Tune a Model on This File');
    await workbench.quickRow('Sequential item-kNN').waitFor();
    await shot('kinds');
    await workbench.quickRow('Prod2vec').click();
    await workbench.quickRow('27 trials').waitFor();
    await shot('budgets');
    await workbench.quickRow('9 trials').click();
  });

  await check('the tree has the trials, and the best so far', async () => {
    await workbench.openContainer('RecSys');
    const row = workbench.row('small.csv');
    await row.filter({ hasText: 'best so far' }).waitFor({ timeout: 120_000 });
    await row.click();
    await page.keyboard.press('ArrowRight');
    await workbench
      .row('Explore')
      .filter({ hasText: /best 0\.\d+, trial-00\d · \d of 9 done/ })
      .waitFor({ timeout: 120_000 });
    await shot('running');
    await done();
    await workbench.row('Explore').click();
    await page.keyboard.press('ArrowRight');
    await workbench.row('trial-001').filter({ hasText: 'hitRate@10' }).waitFor();
    assert.equal(
      await workbench
        .rows()
        .filter({ hasText: /^trial-00\d/ })
        .count(),
      9,
    );
    await workbench.row('Settle').click();
    await page.keyboard.press('ArrowRight');
    await workbench.row('best · hitRate@10').waitFor();
    await shot('tree');
  });

  await check('the card shows every setting and all trials', async () => {
    await workbench.contextMenu(workbench.row('small.csv'), 'Open Result Card');
    const card = workbench.webview();
    await card.locator('#trial-table').waitFor();
    assert.equal(await card.locator('[data-chart=settings] polyline').count(), 9);
    assert.match(await card.locator('header').innerText(), /test part read by this run only/);
    await card.locator('#trial-table button', { hasText: 'trial-002' }).first().click();
    await card.locator('#trial-table button[aria-pressed=true]').first().waitFor();
    await shot('card');
  });

  await check('a tuning goes on with more trials, the finished ones kept', async () => {
    await workbench.contextMenu(workbench.row('small.csv'), 'Tune on the Data of a Run');
    await workbench.quickRow('Another budget').click();
    await workbench.answer('Trials (“40”)', '10');
    await done();
    const [newest, first] = runsOf(folder);
    const explored = stepsOf(folder, newest.id).filter(({ step }) => step === 'explore');
    assert.equal(explored.length, 10);
    assert.equal(stepsOf(folder, newest.id).find((step) => step.path === 'explore/trial-009').from, first.id);
    assert.equal(newest.best, 'prod2vec-tuned');
  });
}
