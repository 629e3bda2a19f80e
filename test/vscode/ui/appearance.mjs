// What a customer sees: light, dark and high contrast; and VS Code's own figure of the activation.
import assert from 'node:assert/strict';
import os from 'node:os';
import { recsys } from '../places.mjs';
import { writeSmallData } from './small-data.mjs';

export const title = 'themes and activation time';

export function prepare(folder) {
  writeSmallData(folder);
  recsys(folder, 'run', 'small.csv', '--name', 'baseline', '--tag', 'paper');
}

/** Names that the setting knows, the class that the workbench then has, and the colour of its editors. */
const THEMES = {
  light: ['Light Modern', 'vs', 'rgb(255, 255, 255)'],
  dark: ['Dark Modern', 'vs-dark', 'rgb(31, 31, 31)'],
  'high-contrast': ['Default High Contrast', 'hc-black', 'rgb(0, 0, 0)'],
};
const WANTED_MS = 20;
const STARTS = 1;

export async function run({ workbench, changeSettings, check, shot }) {
  const { page } = workbench;
  for (const [name, [theme, kind, colour]] of Object.entries(THEMES)) {
    await check(`tree and card follow the ${name} theme`, async () => {
      changeSettings({ 'workbench.colorTheme': theme });
      await workbench.reload();
      await page.locator(`.monaco-workbench.${kind}`).waitFor();
      await workbench.openContainer('RecSys');
      await workbench.row('baseline').click();
      await page.keyboard.press('ArrowRight');
      await workbench.command('RecSys: Open Result Card');
      await workbench.webview().locator('body', { hasText: 'sequential-item-knn' }).waitFor();
      await page.waitForTimeout(500);
      const card = workbench.webview();
      const [background, editor] = await card.locator('body').evaluate((body) => {
        // The theme's colour as the browser writes colours.
        const probe = body.ownerDocument.createElement('i');
        probe.style.backgroundColor = 'var(--vscode-editor-background)';
        body.append(probe);
        const colours = [body, probe].map((element) => getComputedStyle(element).backgroundColor);
        probe.remove();
        return colours;
      });
      assert.equal(background, editor);
      assert.equal(background, colour);
      await shot(name);
    });
  }

  // A figure on the clock of a shared machine is reported, not judged; the suite in the extension host judges processor time.
  await check('VS Code counts the activation', async () => {
    const counted = [];
    while (counted.length < STARTS && Math.min(...counted) > WANTED_MS) {
      if (counted.length > 0) await workbench.reload();
      counted.push(await activationMilliseconds(workbench));
    }
    const load = os.loadavg()[0].toFixed(1);
    console.log(
      `    activation, as VS Code counts it: ${counted.join(', ')} ms (wanted: ${WANTED_MS}), at a load of ${load}`,
    );
    assert.ok(counted.every((milliseconds) => milliseconds >= 0));
  });
}

/** Code loading and activation together, from VS Code's own list. */
async function activationMilliseconds(workbench) {
  const { page } = workbench;
  await workbench.container('RecSys').waitFor();
  await workbench.command('Developer: Show Running Extensions');
  const row = page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'RecSys' }).first();
  const time = row.locator('.activation-time', { hasText: /\d+\s?ms/ });
  await time.waitFor();
  return Number(/(\d+)\s?ms/.exec(await time.innerText())?.[1]);
}
