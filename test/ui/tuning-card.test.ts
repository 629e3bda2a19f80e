import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runningTuningCard, tuningCard } from '../fixtures/synthetic-tuning.ts';
import { PanelBrowser } from './panel-browser.ts';
import { THEMES } from './themes.ts';
import type { OpenView } from './panel-browser.ts';

let browser: PanelBrowser;
beforeAll(async () => (browser = await PanelBrowser.launch()));
afterAll(async () => browser.close());

const PLOT = '[data-chart=settings]';
const best = tuningCard().tuning?.outcome?.trial ?? '';

async function expectClean({ page, problems, requests }: OpenView): Promise<void> {
  expect(problems).toEqual([]);
  expect(requests).toEqual([]);
  expect(await page.evaluate('violations')).toEqual([]);
}

describe('the card of a tuning', () => {
  it.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['forced colours', { forcedColors: 'active' }],
  ] as const)('opens on its trials, without complaint: %s', async (_, options) => {
    const opened = await browser.openFile(tuningCard(), options);
    const { page } = opened;
    expect(await page.getAttribute('#tab-tuning', 'aria-selected')).toBe('true');
    expect(await page.locator(`${PLOT} polyline`).count()).toBe(25);
    expect(await page.locator('#trial-table tbody tr').count()).toBe(27 + 9 + 3 + 1);
    expect(await page.locator('#panel-tuning').innerText()).toContain('38 measured');
    expect(await page.locator('header').innerText()).toContain('test part read by 3 runs (9 models)');
    for (const tab of ['results', 'training', 'data', 'run']) await page.click(`#tab-${tab}`);
    await expectClean(opened);
  });

  it('marks the best in the plot and in the table, and says in words what the plot shows', async () => {
    const { page } = await browser.openFile(tuningCard());
    const label = (await page.getAttribute(PLOT, 'aria-label')) ?? '';
    expect(label).toContain(`The best, ${best}`);
    expect(await page.locator(`${PLOT} circle`).count()).toBe(7);
    expect(await page.locator('#trial-table .best').count()).toBe(1);
    expect(await page.locator('#trial-table tbody tr').first().innerText()).toContain(best);
  });

  it('sorts the trials by any column, both ways', async () => {
    const { page } = await browser.openFile(tuningCard());
    const sort = page.locator('#trial-table .sort', { hasText: /^window/ });
    const first = async (): Promise<string> =>
      (await page.locator('#trial-table tbody tr th').first().innerText()).trim();
    await sort.click();
    expect(await first()).toContain('trial-025');
    expect(await page.locator('#trial-table th[aria-sort=descending]').innerText()).toContain('window');
    await sort.click();
    await page.locator('#trial-table th[aria-sort=ascending]').waitFor();
    // Trials that failed or were skipped have no figure or parameter.
    expect(await first()).toMatch(/trial-02[67]/);
  });

  it('follows a trial by keyboard, in the plot too', async () => {
    const { page } = await browser.openFile(tuningCard());
    const trial = page.locator('#trial-table button', { hasText: 'trial-002' }).first();
    await trial.focus();
    await page.keyboard.press('Enter');
    await page.locator('#trial-table button[aria-pressed=true]').first().waitFor();
    expect(await page.locator(`${PLOT} circle`).count()).toBe(14);
    expect(await page.evaluate('document.activeElement.textContent')).toContain('trial-002');
    await page.keyboard.press('Enter');
    expect(await page.locator(`${PLOT} circle`).count()).toBe(7);
  });

  it('copies the command that uses the winner', async () => {
    const { page } = await browser.openFile(tuningCard(), {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.locator('#copy-found').click();
    expect(await page.locator('#found-command').innerText()).toContain('--window 25');
    expect(await page.locator('#copy-found').innerText()).toBe('Copied');
  });

  it.each([300, 900, 1600])('never scrolls sideways at %d pixels', async (width) => {
    const { page } = await browser.openFile(tuningCard(), { viewport: { width, height: 800 } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
  });

  it('grows while it runs, and has no such tab for other runs', async () => {
    const webview = await browser.openCard(THEMES['high contrast']);
    const { page, host } = webview;
    host.send('card', runningTuningCard(0));
    await page.locator('#panel-tuning', { hasText: 'Lines appear here' }).waitFor();
    host.send('card', runningTuningCard(5));
    await page.locator(`${PLOT} polyline`).nth(4).waitFor();
    expect(await page.locator('#panel-tuning').innerText()).toContain('Best so far');
    host.send('card', runningTuningCard(9));
    await page.locator(`${PLOT} polyline`).nth(8).waitFor();
    expect(webview.problems).toEqual([]);
    const { tuning: _, ...plain } = tuningCard();
    host.send('card', plain);
    await page.locator('#tab-tuning').waitFor({ state: 'detached' });
  });
});
