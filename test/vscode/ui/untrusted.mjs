// An untrusted workspace: runs can be looked at, nothing can be started.
import assert from 'node:assert/strict';
import { recsys } from '../places.mjs';
import { writeSmallData } from './small-data.mjs';

export const title = 'an untrusted workspace is view only';
export const trust = true;

export function prepare(folder) {
  writeSmallData(folder, { playlists: 60 });
  recsys(folder, 'run', 'small.csv', '--name', 'seen');
}

export async function run({ workbench, check, shot }) {
  const { page } = workbench;
  await workbench.statusBar('Restricted Mode').waitFor();
  await workbench.openContainer('RecSys');

  await check('runs are shown', async () => {
    await workbench.row('seen').waitFor();
    await shot('untrusted');
  });

  await check('a card opens', async () => {
    await workbench.row('seen').hover();
    await workbench.row('seen').locator('.action-label[aria-label^="Open Result Card"]').click();
    await workbench.webview().locator('body', { hasText: 'sequential-item-knn' }).waitFor();
  });

  await check('nothing that starts or changes anything is offered', async () => {
    const rows = await workbench.paletteRows('RecSys');
    assert.ok(
      rows.some((row) => row.includes('Open Result Card')),
      rows.join('\n'),
    );
    for (const absent of [
      'Train',
      'Prepare Data',
      'Evaluate',
      'Resume',
      'Delete',
      'Clean Up',
      'Rename',
      'Find Neighbours',
      'Save Result Card',
    ]) {
      assert.ok(!rows.some((row) => row.includes(`RecSys: ${absent}`)), `${absent} is offered`);
    }
    await workbench.openContainer('Explorer');
    const labels = await workbench.contextMenuLabels(workbench.file('small.csv'));
    assert.ok(!labels.some((label) => label.startsWith('RecSys')), labels.join('\n'));
    await page.keyboard.press('Escape');
  });
}
