#!/usr/bin/env node
// Makes the README's screenshots from a real run on the sample: docs/images/*.png
import fs from 'node:fs';
import path from 'node:path';
import { launchBrowser } from '../vscode-host/browser.mjs';
import { startServer } from '../vscode-host/server.mjs';
import { Workbench } from '../vscode-host/workbench.mjs';
import { newWorkspace, recsys, removeWorkspace, repository, results } from './places.mjs';

const images = path.join(repository, 'docs/images');
const SIDEBAR_WIDTH = 430;

/** Draws the edge of the side bar to where names and figures have room. */
async function widenSidebar({ page }) {
  const box = await page.locator('.part.sidebar').boundingBox();
  const x = box.x + box.width + 1;
  await page.mouse.move(x, 420);
  await page.mouse.down();
  await page.mouse.move(box.x + SIDEBAR_WIDTH, 420, { steps: 8 });
  await page.mouse.up();
}

async function rightClickMenu(workbench, shot) {
  await workbench.openContainer('Explorer');
  await workbench.submenu(workbench.file('playlists.parquet'), 'RecSys', 'Train on This File', {
    beforeClick: () => shot('right-click'),
  });
}

async function training(workbench, shot) {
  await workbench.openContainer('RecSys');
  await workbench.row('playlists.parquet').click();
  await workbench.page.keyboard.press('ArrowRight');
  await workbench.row('Train').filter({ hasText: 'done' }).click();
  await workbench.page.keyboard.press('ArrowRight');
  await workbench.command('RecSys: Open Result Card');
  const card = workbench.webview();
  await card.getByRole('tab', { name: 'Training' }).click();
  // Two sets are trained at once by now, and the first one's curve is complete.
  const epoch = /min-count-(5|10).*epoch\s\d\d\sof/s;
  await workbench.rows().filter({ hasText: epoch }).first().waitFor({ timeout: 120_000 });
  await workbench.page.mouse.move(900, 700);
  await workbench.page.waitForTimeout(1_500);
  await shot('training');
}

async function finished(workbench, folder, shot) {
  await workbench.notification('is done').waitFor({ timeout: 400_000 });
  await workbench.command('Notifications: Clear All Notifications');
  recsys(folder, 'label', 'latest', '--name', 'first try', '--tag', 'sample', '--star');
  await workbench.row('first try').waitFor();
  await workbench.webview().getByRole('tab', { name: 'Results' }).click();
  await workbench
    .webview()
    .locator('body')
    .evaluate((body) => body.ownerDocument.scrollingElement.scrollTo(0, 0));
  await workbench.page.mouse.move(900, 850);
  await workbench.page.waitForTimeout(1_500);
  await shot('result-card');
}

fs.mkdirSync(images, { recursive: true });
const folder = newWorkspace('music');
recsys(folder, 'describe', 'playlists.parquet', '--save');
const server = await startServer({
  link: [repository],
  settings: { 'workbench.colorTheme': 'Light Modern', 'workbench.layoutControl.enabled': false },
});
const browser = await launchBrowser();
try {
  const workbench = await Workbench.open(browser, server.port, { folder, width: 1440, height: 900 });
  const shot = (name) => workbench.screenshot(path.join(images, `${name}.png`));
  await workbench.container('RecSys').waitFor();
  await widenSidebar(workbench);
  await rightClickMenu(workbench, shot);
  await training(workbench, shot);
  await finished(workbench, folder, shot);
} catch (error) {
  await browser
    .contexts()[0]
    ?.pages()[0]
    ?.screenshot({ path: path.join(results, 'failed-screenshots.png') });
  throw error;
} finally {
  await browser.close();
  server.stop();
  removeWorkspace(folder);
}
