import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addedSectionsCard, sectionsCard } from '../fixtures/synthetic-sections.ts';
import { PanelBrowser } from './panel-browser.ts';

let browser: PanelBrowser;
beforeAll(async () => (browser = await PanelBrowser.launch()));
afterAll(async () => browser.close());

/** Thin spaces as plain ones, so that what is expected can be read. */
const plain = (text: string): string => text.replace(/[\u2009\u202f\u00a0]/g, ' ');
const TAB = '#tab-flow-Intent';

describe('sections that a flow brings', () => {
  it('have a tab of their own, which is shown first where the card has nothing else', async () => {
    const { page, problems } = await browser.openFile(sectionsCard());
    expect(await page.getByRole('tab').allInnerTexts()).toEqual(['Intent', 'Run']);
    expect(await page.getAttribute(TAB, 'aria-selected')).toBe('true');
    expect(problems).toEqual([]);
  });

  it('write figures in their form, with unit, interval and note', async () => {
    const { page } = await browser.openFile(sectionsCard());
    const tiles = await page.locator('#panel-flow-Intent .tile').allInnerTexts();
    expect(tiles.map((text) => plain(text).split(/\n+/))).toEqual([
      ['AUC', '.8412', '.8301 – .8523', 'over 2,114 sessions'],
      ['Lift at 10 %', '4.21 ×'],
      ['Sessions', '21,140'],
      ['Model', 'gradient-boosting'],
    ]);
  });

  it('are tables with captions and headings', async () => {
    const { page } = await browser.openFile(sectionsCard());
    const table = page.getByRole('table', { name: 'Precision and recall by threshold' });
    expect(await table.getByRole('columnheader').allInnerTexts()).toEqual([
      'Threshold',
      'Precision',
      'Recall',
    ]);
    expect(await table.getByRole('rowheader').allInnerTexts()).toEqual(['0.1', '0.5', '0.9']);
    const cells = await table.locator('tbody tr').last().locator('td').allInnerTexts();
    expect(cells.map(plain)).toEqual(['78.0 %', '–']);
  });

  it('are charts that say in words what they show', async () => {
    const { page } = await browser.openFile(sectionsCard());
    const charts = page.locator('#panel-flow-Intent [role=img]');
    await charts.nth(1).locator('svg').waitFor();
    expect(plain((await charts.nth(0).getAttribute('aria-label')) ?? '')).toBe(
      'Curves of observed by predicted: model from 8.0 % to 94.0 % at predicted 0.9; perfect from 0 % to 100 % at predicted 1.',
    );
    expect(await charts.nth(1).getAttribute('aria-label')).toMatch(
      /^Bars of gain: seconds since the last view 41.0.% \(38.0.% to 44.0.%\); items in the basket 22.0.%; returning visitor −3.0.%\.$/,
    );
    expect(await charts.nth(0).locator('[aria-label=line] path').count()).toBe(2);
    expect(await charts.nth(1).locator('[aria-label=bar] rect').count()).toBe(3);
    expect(await page.locator('.legends li').allInnerTexts()).toEqual(['model', 'perfect']);
  });

  it('stand after the card’s own, and hostile titles are text', async () => {
    const { page, problems } = await browser.openFile(addedSectionsCard());
    expect(await page.getByRole('tab').count()).toBe(6);
    await page.click('#tab-results');
    const titles = await page.locator('#panel-results section > h2').allInnerTexts();
    expect([titles[0], titles.at(-1)]).toEqual(['Metrics', 'Purchase intent']);
    await page.getByRole('tab').first().click();
    expect(await page.locator('[role=tabpanel]:visible h2').innerText()).toContain('<img src=x');
    expect(await page.evaluate('globalThis.hacked')).toBeUndefined();
    expect(await page.locator('#root img').count()).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(problems).toEqual([]);
  });
});
