// The explorer: search, walk, pin, compare, queries of the test part; a reload keeps everything.
import assert from 'node:assert/strict';
import { recsys } from '../places.mjs';
import { writeSmallData } from './small-data.mjs';
import { until } from './until.mjs';

export const title = 'explorer: search → walk → list → two models → test queries → reload';

export function prepare(folder) {
  writeSmallData(folder);
  recsys(
    folder,
    'run',
    'small.csv',
    '--name',
    'baseline',
    '--models',
    'prod2vec,session-knn,markov,popularity,blend',
  );
  recsys(folder, 'refit', 'baseline', '--model', 'prod2vec-min-count-3');
  recsys(folder, 'run', 'small.csv', '--name', 'other', '--models', 'markov,popularity');
}

const EVERYTHING = 'everything/prod2vec-min-count-3';

/** Names in the data: the second most frequent is one that a page must show as text. */
const HOSTILE = '<script>globalThis.hostile = 1</script>';

export async function run({ workbench, changeSettings, check, shot }) {
  const { page } = workbench;
  const view = workbench.webview();
  const item = () => view.locator('.item-title').innerText();
  const shows = (text) => view.locator('.item-title', { hasText: text }).waitFor();
  const pick = (label, value) => view.getByRole('combobox', { name: label }).selectOption(value);

  await workbench.openContainer('RecSys');
  await check('it opens from a run’s row, with its run, and says what to do', async () => {
    await workbench.contextMenu(workbench.row('baseline'), 'Open Explorer');
    await view.getByText('Start with an item').waitFor();
    const chosen = await view
      .getByRole('combobox', { name: 'Run' })
      .first()
      .evaluate((list) => list.selectedOptions[0].textContent);
    assert.equal(chosen, 'baseline');
  });

  await check('an item is found by keyboard while it is typed, hostile names as text', async () => {
    await view.getByRole('combobox', { name: 'Find an item' }).click();
    await page.keyboard.type('hostile = 1');
    const option = view.locator('.found [role=option]').first();
    await option.waitFor();
    assert.ok((await option.innerText()).includes(HOSTILE));
    await page.keyboard.press('Enter');
    await shows(HOSTILE);
    await view.locator('.row').first().waitFor();
    await view.locator('.cards li').first().waitFor();
    assert.equal(await view.locator('main').evaluate(() => globalThis.hostile), undefined);
    await shot('item');
  });

  await check('neighbours lead on, Alt and arrows back and forward', async () => {
    const name = view.locator('.row .title-column').nth(2);
    const next = await name.innerText();
    await name.click();
    await shows(next);
    await view.locator('.row .walk').first().focus();
    await page.keyboard.press('Alt+ArrowLeft');
    await shows(HOSTILE);
    await page.keyboard.press('Alt+ArrowRight');
    await shows(next);
    await view.locator('.trail [aria-current]').waitFor();
    // No item is its own neighbour: those of the item before had it.
    const neighbours = () => view.locator('.row .title-column').allInnerTexts();
    await until(neighbours, (names) => names.length > 2 && !names.includes(next));
  });

  await check('pinned items are a list, and recommendations follow its changes', async () => {
    for (const at of [0, 1, 2]) await view.locator('.row .row-actions .icon-button').nth(at).click();
    await view.getByRole('tab', { name: 'Your list (3)' }).click();
    const rows = view.locator('.rows .row');
    await rows.nth(9).waitFor();
    const names = () => view.locator('.rows .title-column').allInnerTexts();
    const editor = () => view.locator('.editor .title-column').allInnerTexts();
    const [before, list] = [await names(), await editor()];
    await view.locator('.editor .walk').nth(2).focus();
    await page.keyboard.press('Alt+ArrowUp');
    await until(editor, (now) => now[1] === list[2]);
    await view
      .getByRole('button', { name: /^Remove/ })
      .first()
      .click();
    await until(names, (now) => now.join() !== before.join());
    await view.getByRole('button', { name: /^Why/ }).first().click();
    await view.locator('.without li, .reasons .sub').first().waitFor();
    await shot('list');
  });

  await check('two models of two runs stand side by side', async () => {
    await view.getByRole('button', { name: 'Compare with a model…' }).click();
    await view.locator('.ranked-list').nth(1).waitFor();
    await pick('Run beside', { label: 'other' });
    await pick('Model beside', 'markov');
    await view.locator('#recommended-1-title', { hasText: 'markov' }).waitFor();
    await view.locator('.shared', { hasText: 'in both lists' }).waitFor();
    await shot('compare');
  });

  await check('twenty queries of the test part, hits and misses, by outcome', async () => {
    await view.getByRole('tab', { name: 'Test queries' }).click();
    await view.locator('.query').nth(19).waitFor();
    const totals = await view.locator('.summary li').allInnerTexts();
    assert.equal(totals.length, 2);
    await view.getByRole('radio', { name: 'One hits' }).check();
    await until(
      () => view.locator('.verdict').allInnerTexts(),
      (all) => all.length > 1 && all.filter((text) => text.startsWith('Hit')).length * 2 === all.length,
    );
    await shot('queries');
  });

  await check('a reload keeps all of it, in another theme', async () => {
    changeSettings({ 'workbench.colorTheme': 'Dark Modern' });
    await workbench.reload();
    await page.locator('.monaco-workbench.vs-dark').waitFor();
    await view.getByRole('radio', { name: 'One hits' }).waitFor();
    assert.ok(await view.getByRole('radio', { name: 'One hits' }).isChecked());
    await view.locator('.query').first().waitFor();
    await view.getByRole('tab', { name: 'Your list (2)' }).click();
    await view.locator('#recommended-1-title', { hasText: 'markov' }).waitFor();
    await view.getByRole('tab', { name: 'Item' }).click();
    await view.locator('.trail li').nth(1).waitFor();
    assert.ok((await item()).length > 0);
    await view.locator('.row').first().waitFor();
    await shot('item-dark');
  });

  await check('the card leads here too', async () => {
    await workbench.openContainer('RecSys');
    await workbench.contextMenu(workbench.row('baseline'), 'Open Result Card');
    await workbench.webview().getByRole('button', { name: 'Explore Items' }).click();
    await view.locator('.trail li').nth(1).waitFor();
  });

  await check('the map draws the list, and tells hits from misses', async () => {
    await view.getByRole('button', { name: 'Show on the map' }).first().click();
    await view.locator('#map-path', { hasText: '2 items' }).waitFor();
    await view.getByLabel('Colour by').selectOption('hits');
    await view.locator('.legend-list', { hasText: 'never hit' }).waitFor();
    await shot('map-path');
    await page.locator('.tabs-container .tab', { hasText: 'Explorer' }).click();
    await view.locator('.trail li').nth(1).waitFor();
  });

  await check('a model trained on everything is walked and mapped, and has no test queries', async () => {
    await view.getByRole('combobox', { name: 'Model' }).first().selectOption(EVERYTHING);
    await view.getByRole('tab', { name: 'Test queries' }).click();
    await view.getByText('has seen the test part').waitFor();
    await view.getByText('Choose the model as it was evaluated.').waitFor();
    await shot('everything-queries');
    await view.getByRole('tab', { name: 'Item' }).click();
    await view.locator('.row').first().waitFor();
    const next = await view.locator('.row .title-column').first().innerText();
    await view.locator('.row .title-column').first().click();
    await shows(next);
    await view.locator('.row').first().waitFor();
    await view.getByRole('button', { name: 'Show on the map' }).first().click();
    await view.locator('h1', { hasText: `${EVERYTHING} of run baseline` }).waitFor();
    await view.locator('#map-facts', { hasText: 'UMAP' }).waitFor();
    await shot('everything-map');
    await page.locator('.tabs-container .tab', { hasText: 'Explorer' }).click();
    await view.locator('.trail li').nth(1).waitFor();
  });

  await check('it is restored in high contrast too', async () => {
    changeSettings({ 'workbench.colorTheme': 'Default High Contrast' });
    await workbench.reload();
    await page.locator('.monaco-workbench.hc-black').waitFor();
    await view.locator('.row').first().waitFor();
    await page.waitForTimeout(300);
    await shot('item-high-contrast');
  });
}
