// Palette → columns → training with progress → result card, with a file full of hostile names.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { writeSmallData } from './small-data.mjs';

export const title = 'palette → train → progress → card';
export const inPackage = true;

export function prepare(folder) {
  writeSmallData(folder);
}

export async function run({ workbench, folder, check, shot }) {
  const { page } = workbench;
  await workbench.openContainer('RecSys');
  await check('an empty view says what to do, with links', async () => {
    await page.locator('.sidebar .welcome-view-content', { hasText: 'No runs yet' }).waitFor();
    assert.deepEqual(await page.locator('.sidebar .welcome-view .monaco-button').allInnerTexts(), [
      'Train on a Data File',
      'Try the Sample Data',
    ]);
  });

  await check('commands about runs are not offered while there is none', async () => {
    const rows = await workbench.paletteRows('RecSys');
    assert.ok(
      rows.some((row) => row.includes('RecSys: Train')),
      rows.join('\n'),
    );
    for (const absent of ['Open Result Card', 'Cancel Run', 'Resume Run', 'Train on This File']) {
      assert.ok(!rows.some((row) => row.includes(absent)), `${absent} is offered`);
    }
  });

  await check('the first time, the guessed columns are confirmed with samples and reasons', async () => {
    await workbench.command('RecSys: Train');
    await workbench.quickRow('small.csv').click();
    const pick = workbench.quickPick();
    await pick.locator('.monaco-list-row', { hasText: 'Item: artist + track' }).waitFor();
    const text = await pick.innerText();
    assert.match(text, /Sequence: playlist/);
    assert.match(text, /List \d+/, 'sample values');
    assert.match(text, /‘?playlist/, 'a reason');
    await shot('columns');
  });

  await check('a role can be changed and changed back', async () => {
    await workbench.quickRow('Split: ').click();
    await workbench.quickRow('leave one out').click();
    await workbench.quickRow('Split: leave one out').click();
    await workbench.quickRow('by sequence').click();
    await workbench.quickRow('Split: by sequence').waitFor();
  });

  await check('training shows its progress in a notification, the tree and the status bar', async () => {
    await page.keyboard.press('Enter');
    await workbench.statusBar('RecSys').waitFor();
    const toast = page.locator('.notification-toast', { hasText: 'small.csv:' }).first();
    await toast.locator('.monaco-text-button', { hasText: 'Cancel' }).waitFor();
    await workbench.row('small.csv').filter({ hasText: '%' }).waitFor();
    await shot('training');
  });

  await check('the columns are kept in recsys.json', () => {
    const kept = JSON.parse(fs.readFileSync(path.join(folder, 'recsys.json'), 'utf8'));
    assert.deepEqual(kept.datasets['small.csv'].item, ['artist', 'track']);
  });

  await check('the end is announced, and leads to the card', async () => {
    const toast = workbench.notification('small.csv is done');
    await toast.waitFor({ timeout: 180_000 });
    await toast.locator('.monaco-text-button', { hasText: 'Open Result Card' }).click();
    // As a model whose scores the stack weighs.
    await workbench
      .webview()
      .locator('section', { hasText: 'sequential-item-knn' })
      .locator('#stack-features')
      .waitFor();
    await workbench.statusBar('RecSys').waitFor({ state: 'hidden' });
    await shot('card');
  });

  await check('hostile names are text in the card', async () => {
    const card = workbench.webview();
    for (const tab of await card.getByRole('tab').all()) {
      await tab.click();
      await page.waitForTimeout(150);
      const scripts = await card
        .locator('script')
        .evaluateAll((elements) => elements.map((element) => element.textContent ?? ''));
      assert.ok(!scripts.some((text) => text.includes('globalThis.hostile')));
      assert.equal(await card.locator('img[src="x"], a[href^="command:"]').count(), 0);
    }
    // Inside the card's own frame, where a script of the data would have run.
    const [isCard, hostile] = await card
      .locator('#card')
      .evaluate((element) => [element.ownerDocument.defaultView === globalThis, globalThis.hostile]);
    assert.ok(isCard);
    assert.equal(hostile, undefined);
    assert.match(await card.locator('body').innerHTML(), /&lt;script&gt;globalThis\.hostile/);
  });

  await check('the tree nests steps, branches and artifacts', async () => {
    await workbench.row('small.csv').click();
    await page.keyboard.press('ArrowRight');
    await workbench.row('Train').filter({ hasText: 'of' }).click();
    await page.keyboard.press('ArrowRight');
    const branch = workbench.row('prod2vec-min-count-3');
    await branch.click();
    await page.keyboard.press('ArrowRight');
    await workbench.row('.npy').waitFor();
    await shot('tree');
  });

  await check('the tooltip has parameters and the state', async () => {
    await workbench.row('small.csv').hover();
    const hover = page.locator('.monaco-hover:visible', { hasText: 'Parameters' });
    await hover.waitFor();
    assert.match(await hover.innerText(), /succeeded/);
    await page.mouse.move(900, 600);
  });

  await check('neighbours are found, hostile names as text', async () => {
    await workbench.command('RecSys: Find Neighbours');
    await workbench.answer(
      'An item as the data name it',
      'Artist 0|||<script>globalThis.hostile = 1</script>',
    );
    await workbench.quickRow('Track 0-').waitFor();
    const text = await workbench.quickPick().innerText();
    assert.ok(text.includes('<img src=x onerror'), text);
    assert.ok(text.includes('$(bug)'), text);
    await shot('neighbours');
    await page.keyboard.press('Escape');
  });

  await check('the card comes back after a reload', async () => {
    await workbench.reload();
    await workbench.webview().locator('body', { hasText: 'sequential-item-knn' }).waitFor();
  });
}
