import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runningCard, syntheticCard } from '../fixtures/synthetic-card.ts';
import { CardBrowser } from './card-browser.ts';

let browser: CardBrowser;
beforeAll(async () => (browser = await CardBrowser.launch()));
afterAll(async () => browser.close());

const dark = {
  bodyClass: 'vscode-dark',
  theme:
    'html { --vscode-editor-background: rgb(31, 31, 31); --vscode-editor-foreground: rgb(204, 204, 204); }',
};
const highContrast = {
  bodyClass: 'vscode-high-contrast',
  theme:
    'html { --vscode-editor-background: #000; --vscode-editor-foreground: #fff; --vscode-contrastBorder: rgb(111, 195, 223); }',
};

describe('the card in a webview', () => {
  it('says when it is ready, and draws what it is sent under a strict policy', async () => {
    const { page, send, posted, problems, requests } = await browser.openWebview(dark);
    expect(await posted()).toEqual([{ type: 'ready' }]);
    await send({ type: 'data', data: syntheticCard() });
    await page.waitForSelector('#metric-table');
    for (const tab of ['training', 'data', 'run', 'results']) await page.click(`#tab-${tab}`);
    expect(await page.evaluate('violations')).toEqual([]);
    expect(problems).toEqual([]);
    expect(requests).toEqual([]);
  });

  it('takes the colours of the theme, whatever the system prefers', async () => {
    const { page, send } = await browser.openWebview(dark, { colorScheme: 'light' });
    await send({ type: 'data', data: syntheticCard() });
    await page.waitForSelector('#metric-table');
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(31, 31, 31)');
    expect(await page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('dark');
  });

  it('draws lines in high contrast', async () => {
    const { page, send } = await browser.openWebview(highContrast);
    await send({ type: 'data', data: syntheticCard() });
    await page.waitForSelector('#metric-table');
    expect(await page.evaluate(`getComputedStyle(document.querySelector('td')).borderBottomColor`)).toBe(
      'rgb(111, 195, 223)',
    );
  });

  it('keeps focus, scroll, choices and open details while data stream in', async () => {
    const { page, send } = await browser.openWebview(dark, { viewport: { width: 700, height: 400 } });
    await send({ type: 'data', data: runningCard(6) });
    await page.waitForSelector('#loss-table');
    await page.click('#tab-run');
    await page.click('[data-details=artifacts] > summary');
    await page.evaluate(
      `document.querySelector('[data-details=artifacts] > summary').focus(); scrollTo(0, 300)`,
    );
    const before = await page.evaluate<number>('scrollY');
    await page.evaluate(`globalThis.kept = document.activeElement`);
    await send({ type: 'data', data: runningCard(7) });
    await page.waitForFunction(`document.querySelector('#loss-table').textContent.includes('7')`);
    expect(before).toBeGreaterThan(0);
    expect(await page.evaluate('scrollY')).toBe(before);
    expect(await page.evaluate('document.activeElement === kept && kept.isConnected')).toBe(true);
    expect(await page.locator('#artifact-table').isVisible()).toBe(true);
    expect(await page.getAttribute('#tab-run', 'aria-selected')).toBe('true');
  });

  it('draws curves on as they grow, and does not draw again what is the same', async () => {
    const { page, send } = await browser.openWebview(dark);
    const curve = (): Promise<string> =>
      page.evaluate<string>(
        `document.querySelector('#panel-training svg.plot [aria-label=line] path').getAttribute('d')`,
      );
    await send({ type: 'data', data: runningCard(6) });
    await page.waitForSelector('#panel-training svg.plot');
    const six = await curve();
    await page.evaluate(`globalThis.drawn = document.querySelector('svg.plot')`);
    await send({ type: 'data', data: runningCard(6) });
    await page.waitForTimeout(50);
    expect(await page.evaluate(`drawn.isConnected`)).toBe(true);
    await send({ type: 'data', data: runningCard(9) });
    await page.waitForFunction(`!drawn.isConnected`);
    expect(await curve()).not.toBe(six);
  });

  it('goes on to the results by itself when nobody chose a tab', async () => {
    const { page, send } = await browser.openWebview(dark);
    await send({ type: 'data', data: runningCard() });
    await page.waitForSelector('#tab-training[aria-selected=true]');
    await send({ type: 'data', data: syntheticCard() });
    await page.waitForSelector('#tab-results[aria-selected=true]');
    expect(await page.locator('#metric-table').isVisible()).toBe(true);
  });

  it('is restored after a reload', async () => {
    const { page, send } = await browser.openWebview(dark);
    await send({ type: 'data', data: syntheticCard() });
    await page.waitForSelector('#metric-table');
    await page.getByLabel('Validation', { exact: true }).check();
    await page.click('[data-details=formulas] > summary');
    await page.reload();
    await send({ type: 'data', data: syntheticCard() });
    await page.waitForSelector('#metric-table');
    expect(await page.locator('#metric-table caption').textContent()).toContain('validation');
    expect(await page.locator('.formulas').isVisible()).toBe(true);
  });

  it('posts what its buttons ask for', async () => {
    const { page, send, posted } = await browser.openWebview(dark);
    await send({ type: 'data', data: runningCard() });
    await page.click('text=Cancel Run');
    await page.click('#tab-run');
    await page.click('[data-action=copy]');
    await page.click('[data-action=openLog] >> nth=1');
    await send({
      type: 'data',
      data: { ...runningCard(), run: { ...runningCard().run, state: 'interrupted' } },
    });
    await page.click('text=Resume Run');
    expect((await posted()).slice(1)).toEqual([
      { type: 'cancel' },
      { type: 'copyCommand' },
      { type: 'openLog', path: 'train/recency-encoder' },
      { type: 'resume' },
    ]);
  });

  it('says what failed, keeps the last card, and takes the message away with the next data', async () => {
    const { page, send } = await browser.openWebview(dark);
    await send({ type: 'data', data: syntheticCard() });
    await page.waitForSelector('#metric-table');
    await send({ type: 'failed', message: 'The run <b>is gone</b>.', hint: 'Refresh the tree.' });
    await page.waitForSelector('[role=alert]');
    expect(await page.locator('[role=alert]').textContent()).toContain('<b>is gone</b>');
    expect(await page.locator('#metric-table').isVisible()).toBe(true);
    await send({ type: 'data', data: syntheticCard() });
    await page.waitForSelector('[role=alert]', { state: 'detached' });
  });

  it('takes no notice of messages that are not its own', async () => {
    const { page, problems } = await browser.openWebview(dark);
    await page.evaluate(
      `window.postMessage({ type: 'data', data: { run: '<img src=x>' } }, '*'); window.postMessage('hello', '*')`,
    );
    await page.waitForTimeout(100);
    expect(await page.locator('#card').count()).toBe(0);
    expect(problems).toEqual([]);
  });
});
