// Prepare, then train, then evaluate; save the card; export; predict for a file; edit recsys.json with its schema.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { recsys, stepsOf } from '../places.mjs';
import { fillPath } from './fill-path.mjs';
import { writeSmallData } from './small-data.mjs';
import { until } from './until.mjs';

export const title = 'prepare → train → evaluate → save the card → export → predict';

export function prepare(folder) {
  writeSmallData(folder, { playlists: 150 });
  recsys(folder, 'describe', 'small.csv', '--save');
}

/** What predictions left in the store. */
function predictionsIn(folder) {
  const place = path.join(folder, '.recsys/predicting');
  return fs
    .readdirSync(place)
    .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
    .map((name) => JSON.parse(fs.readFileSync(path.join(place, name), 'utf8')));
}

const runsOf = (folder) => JSON.parse(recsys(folder, 'runs', '--json')).runs;

export async function run({ workbench, folder, check, shot }) {
  const { page } = workbench;
  const done = async () => {
    const toast = workbench.notification('small.csv is done');
    await toast.waitFor({ timeout: 120_000 });
    await workbench.command('Notifications: Clear All Notifications');
    await toast.waitFor({ state: 'hidden' });
  };

  await check('right click prepares the data and stops there', async () => {
    await workbench.openContainer('Explorer');
    await workbench.submenu(workbench.file('small.csv'), 'RecSys', 'Prepare Data from This File');
    await done();
    await workbench.openContainer('RecSys');
    await workbench.row('small.csv').filter({ hasText: 'prepare done' }).waitFor();
  });

  await check('the same run is trained', async () => {
    await workbench.contextMenu(workbench.row('small.csv'), 'Train on Prepared Data');
    await done();
    await workbench.row('small.csv').filter({ hasText: 'train done' }).waitFor();
  });

  await check('the same run is evaluated', async () => {
    await workbench.contextMenu(workbench.row('small.csv'), 'Evaluate');
    await done();
    await workbench.row('small.csv').filter({ hasText: 'hitRate@' }).waitFor();
    const runs = runsOf(folder);
    assert.equal(runs.length, 1);
    assert.ok(
      stepsOf(folder, runs[0].id).every((step) => step.attempt === 1),
      'no step was done twice',
    );
  });

  await check('the card is saved as one HTML file', async () => {
    await workbench.contextMenu(workbench.row('small.csv'), 'Save Result Card as HTML');
    const input = page.locator('.quick-input-widget:visible input').first();
    await input.waitFor();
    const file = path.join(folder, 'card.html');
    await fillPath(page, input, file);
    await page.keyboard.press('Enter');
    await workbench.notification('card.html').waitFor();
    assert.match(fs.readFileSync(file, 'utf8'), /Content-Security-Policy/);
  });

  await check('the vectors of the run are exported', async () => {
    await workbench.contextMenu(workbench.row('small.csv'), 'Export Model or Vectors');
    const input = page.locator('.quick-input-widget:visible input').first();
    await page.locator('.quick-input-list-row', { hasText: 'has vectors' }).first().waitFor();
    await shot('export-models');
    await input.fill('has vectors');
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-list-row', { hasText: 'TSV pair' }).waitFor();
    await shot('export-formats');
    await input.fill('TSV');
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-list-row', { hasText: 'TSV pair' }).waitFor({ state: 'detached' });
    const file = path.join(folder, 'exported.tsv');
    await fillPath(page, input, file);
    await page.keyboard.press('Enter');
    await workbench.notification('exported.tsv, exported.metadata.tsv').waitFor();
    await shot('exported');
    const lines = (name) => fs.readFileSync(path.join(folder, name), 'utf8').trimEnd().split('\n').length;
    assert.equal(lines('exported.metadata.tsv'), lines('exported.tsv') + 1);
    await workbench.command('Notifications: Clear All Notifications');
  });

  const predict = async (input, output, columns = async () => {}) => {
    await workbench.contextMenu(workbench.row('small.csv').first(), 'Predict for a File');
    const box = page.locator('.quick-input-widget:visible input').first();
    const choose = async (text) => {
      await page.locator('.quick-input-list-row', { hasText: text }).first().waitFor();
      await box.fill(text);
      await page.keyboard.press('Enter');
    };
    await choose('The best of the run');
    await choose(input);
    await columns(choose);
    await fillPath(page, box, path.join(folder, output));
    await page.keyboard.press('Enter');
    await page
      .locator('.quick-input-widget:visible', { hasText: 'How many items each query gets' })
      .waitFor();
    await box.fill('3');
    await page.keyboard.press('Enter');
    await choose('New ones');
    await page.locator('.quick-input-list-row', { hasText: 'At AWS' }).waitFor();
    await shot('predict-where');
    await page.keyboard.press('Enter');
  };

  await check('a file of queries is predicted', async () => {
    await predict('small.csv', 'next.ndjson');
    await workbench.notification('are in next.ndjson').waitFor();
    await shot('predicted');
    const [line] = fs.readFileSync(path.join(folder, 'next.ndjson'), 'utf8').split('\n');
    assert.equal(JSON.parse(line).items.length, 3);
    await workbench.command('Notifications: Clear All Notifications');
  });

  await check('columns that are called otherwise are asked for', async () => {
    const [head, ...rows] = fs.readFileSync(path.join(folder, 'small.csv'), 'utf8').split('\n');
    const renamed = head.replace('playlist', 'basket').replace('track', 'song');
    fs.writeFileSync(path.join(folder, 'renamed.csv'), [renamed, ...rows].join('\n'));
    await predict('renamed.csv', 'renamed.ndjson', async (choose) => {
      await page.locator('.quick-input-list-row', { hasText: 'Use these columns' }).waitFor();
      await shot('predict-columns');
      await choose('Item: ');
      await choose('artist');
      await choose('song');
      await choose('Use these columns');
    });
    await workbench.notification('are in renamed.ndjson').waitFor();
    const [line] = fs.readFileSync(path.join(folder, 'renamed.ndjson'), 'utf8').split('\n');
    assert.equal(JSON.parse(line).unknown_items, 0);
    await workbench.command('Notifications: Clear All Notifications');
  });

  /** It stands still until it is told to go on, so that it cannot be done too early. */
  const predictHalted = async (output) => {
    await predict('many.csv', output);
    const pid = await until(
      () => predictionsIn(folder).find(({ state }) => state === 'running')?.process.pid,
      (found) => found !== undefined,
    );
    process.kill(pid, 'SIGSTOP');
    return pid;
  };

  await check('a prediction outlives the window, and is followed by the next one', async () => {
    writeSmallData(folder, { name: 'many.csv', playlists: 30_000 });
    const pid = await predictHalted('many.parquet');
    try {
      await workbench.reload();
      await workbench.openContainer('RecSys');
      await workbench.notification('predicting many.parquet').waitFor();
      await shot('followed');
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await workbench.notification('are in many.parquet').waitFor();
    await workbench.command('Notifications: Clear All Notifications');
  });

  await check('one that ended while no window was open is told of by the next', async () => {
    const pid = await predictHalted('closed.parquet');
    const address = page.url();
    await page.goto('about:blank');
    process.kill(pid, 'SIGCONT');
    const states = () => predictionsIn(folder).map(({ state }) => state);
    await until(states, (all) => !all.includes('running'), 600);
    assert.ok(!states().includes('failed'));
    await page.goto(address);
    await workbench.ready();
    await workbench.openContainer('RecSys');
    await workbench.notification('are in closed.parquet').waitFor({ timeout: 60_000 });
    await shot('told');
    await workbench.command('Notifications: Clear All Notifications');
  });

  await check('recsys.json is checked by its schema while it is edited', async () => {
    const file = path.join(folder, 'recsys.json');
    const kept = JSON.parse(fs.readFileSync(file, 'utf8'));
    kept.datasets['small.csv'].format = 'spreadsheet';
    fs.writeFileSync(file, JSON.stringify(kept, null, 2));
    await workbench.openContainer('Explorer');
    await workbench.file('recsys.json').dblclick();
    await page
      .locator('.monaco-editor .squiggly-warning, .monaco-editor .squiggly-error')
      .first()
      .waitFor({ state: 'attached' });
    await shot('schema');
  });
}
