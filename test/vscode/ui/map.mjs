// The map of a model: drawn, moved, searched, selected by a lasso, and the same after a reload.
import assert from 'node:assert/strict';
import { recsys } from '../places.mjs';
import { until } from './until.mjs';
import { writeSmallData } from './small-data.mjs';

export const title = 'map: drawn, moved, lassoed, reloaded';

export function prepare(folder) {
  writeSmallData(folder);
  recsys(folder, 'run', 'small.csv', '--models', 'prod2vec,popularity', '--epochs', '3', '--name', 'mapped');
}

/** What the canvas of the map has drawn last. */
const sceneOf = (frame) =>
  frame.locator('canvas').evaluate(({ mapScene }) => ({
    drawn: mapScene.drawn,
    camera: mapScene.camera,
    first: mapScene.pixel(0),
  }));

export async function run({ workbench, check, shot }) {
  const { page } = workbench;
  const frame = workbench.webview();
  const canvas = frame.locator('#map-canvas');
  const facts = frame.locator('#map-facts');
  let items = 0;

  await check('a run opens its map, which settles', async () => {
    await workbench.openContainer('RecSys');
    await workbench.contextMenu(workbench.row('mapped'), 'Open Map');
    await facts
      .filter({ hasText: 'UMAP' })
      .filter({ hasText: 'Trustworthiness' })
      .waitFor({ timeout: 60_000 });
    assert.match(await frame.locator('h1').innerText(), /prod2vec.* of run mapped/);
    const { drawn } = await until(
      () => sceneOf(frame),
      (scene) => scene.drawn > 100,
    );
    items = drawn;
    assert.equal(await frame.locator('html').evaluate(() => globalThis.hostile), undefined);
    await shot('drawn');
  });

  await check('dragging moves it', async () => {
    const before = await sceneOf(frame);
    const box = await canvas.boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 120, box.y + box.height / 2 + 40, { steps: 6 });
    await page.mouse.up();
    const after = await sceneOf(frame);
    assert.ok(Math.abs(after.first.x - before.first.x - 120) < 2, 'it follows the pointer');
  });

  await check('an item is clicked in the list, and its nearest in the model are told', async () => {
    await frame.locator('#map-in-view .item-button').first().click();
    await frame.locator('#map-kept', { hasText: 'nearest on the map' }).waitFor();
    await shot('item');
  });

  await check('a lasso makes a list', async () => {
    await frame.locator('#map-item').getByRole('button', { name: 'Close' }).click();
    await frame.getByRole('button', { name: 'Show all' }).click();
    await frame.getByRole('radio', { name: 'Select' }).check();
    const box = await canvas.boundingBox();
    const [left, right] = [box.x + 4, box.x + box.width - 4];
    const [top, bottom] = [box.y + 4, box.y + box.height - 4];
    await page.mouse.move(left, top);
    await page.mouse.down();
    for (const [x, y] of [
      [right, top],
      [right, bottom],
      [left, bottom],
    ])
      await page.mouse.move(x, y, { steps: 6 });
    await page.mouse.up();
    await frame.locator('#map-selection h2', { hasText: `${items} items` }).waitFor();
    await frame.locator('#map-copy').click();
    const copied = await until(
      () => page.evaluate(() => navigator.clipboard.readText()),
      (text) => text.includes('|||'),
    );
    assert.equal(copied.trimEnd().split('\n').length, items);
    await shot('lasso');
  });

  await check('a reload keeps it', async () => {
    await workbench.reload();
    await facts.filter({ hasText: 'Trustworthiness' }).waitFor({ timeout: 60_000 });
    await frame.locator('#map-selection h2', { hasText: `${items} items` }).waitFor();
    await shot('reloaded');
  });
}
