// What a customer sees: light, dark and high contrast; and VS Code's own figure of the activation.
import assert from 'node:assert/strict';
import { recsys } from '../places.mjs';
import { writeSmallData } from './small-data.mjs';

export const title = 'themes and activation time';

export function prepare(folder) {
  writeSmallData(folder);
  recsys(folder, 'run', 'small.csv', '--name', 'baseline', '--tag', 'paper');
}

const THEMES = { light: 'Light Modern', dark: 'Dark Modern', 'high-contrast': 'Dark High Contrast' };
const LIMIT_MS = 20;

export async function run({ workbench, check, shot }) {
  const { page } = workbench;
  await workbench.openContainer('RecSys');
  await workbench.row('baseline').click();
  await page.keyboard.press('ArrowRight');
  await workbench.command('RecSys: Open Result Card');
  await workbench.webview().locator('body', { hasText: 'sequential-item-knn' }).waitFor();

  for (const [name, theme] of Object.entries(THEMES)) {
    await check(`tree and card follow the ${name} theme`, async () => {
      await workbench.command('Preferences: Color Theme');
      await page.locator('.quick-input-widget:visible input').first().fill(theme);
      await workbench.quickRow(theme).click();
      await page.waitForTimeout(800);
      const card = workbench.webview();
      const [background, editor] = [
        await card.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor),
        await card.locator('html').evaluate((html) => getComputedStyle(html).getPropertyValue('--vscode-editor-background')),
      ];
      assert.ok(editor.trim() !== '' && background !== '', `${background} on ${editor}`);
      await shot(name);
    });
  }

  await check(`VS Code counts an activation of at most ${LIMIT_MS} ms`, async () => {
    await workbench.command('Developer: Show Running Extensions');
    const row = page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'RecSys' }).first();
    await row.waitFor();
    const text = await row.innerText();
    const milliseconds = Number(/Activation: (\d+)\s?ms|Startup Activation: (\d+)\s?ms/.exec(text)?.slice(1).find(Boolean));
    console.log(`    VS Code says: ${text.replace(/\s+/g, ' ')}`);
    assert.ok(milliseconds <= LIMIT_MS, text);
  });
}
