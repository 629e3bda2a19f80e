// A run is served from its row: the view of endpoints, a request from the window, a reload, and the end.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { recsys } from '../places.mjs';
import { writeSmallData } from './small-data.mjs';
import { until } from './until.mjs';

export const title = 'serve → try it → reload → stop';

export function prepare(folder) {
  writeSmallData(folder);
  recsys(folder, 'run', 'small.csv', '--models', 'markov,popularity', '--name', 'served');
}

/** What is served from a folder, as servers tell in its store. */
function served(folder) {
  const records = path.join(folder, '.recsys/serving');
  if (!fs.existsSync(records)) return [];
  return fs
    .readdirSync(records)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(fs.readFileSync(path.join(records, name), 'utf8')));
}

export async function run({ workbench, folder, check, shot }) {
  const { page } = workbench;
  const view = workbench.webview();
  const row = workbench.row('http://127.0.0.1');

  await check('a run is served from its row', async () => {
    await workbench.openContainer('RecSys');
    await workbench.contextMenu(workbench.row('served'), 'Serve Locally');
    await row.waitFor();
    assert.equal(served(folder).length, 1);
    await shot('served');
  });

  const [{ url, name }] = served(folder);
  await check('it answers outside of the window', async () => {
    assert.equal((await fetch(`${url}/ping`)).status, 200);
    const status = await (await fetch(`${url}/v1/models/${name}`)).json();
    assert.equal(status.model_version_status[0].state, 'AVAILABLE');
  });

  await check('an item is asked from the window, and the answer shown', async () => {
    await workbench.contextMenu(row, 'Try Endpoint');
    await view.locator('#endpoint-item').fill('Artist 1|||Track 1-1');
    await view.getByRole('button', { name: 'Send' }).click();
    await view.getByText('Status 200').waitFor();
    await view.getByText('Answered by the model.').waitFor();
    await shot('tried');
  });

  await check('it outlives a reload of the window, and so does what was asked', async () => {
    await workbench.reload();
    await workbench.openContainer('RecSys');
    await row.waitFor();
    await view.getByRole('button', { name: 'Send' }).click();
    await view.getByText('Status 200').waitFor();
  });

  await check('it is stopped from its row', async () => {
    await workbench.contextMenu(row, 'Stop Endpoint');
    await row.waitFor({ state: 'detached' });
    await until(
      () => served(folder),
      (all) => all.length === 0,
    );
    await assert.rejects(fetch(`${url}/ping`));
    await page.getByText('Nothing is served.').waitFor();
  });
}
