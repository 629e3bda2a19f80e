import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXPLAINED, explainedCard } from '../fixtures/synthetic-explained.ts';
import { PanelBrowser, type OpenView } from './panel-browser.ts';

let browser: PanelBrowser;
beforeAll(async () => (browser = await PanelBrowser.launch()));
afterAll(async () => browser.close());

async function openResults(width = 1280): Promise<OpenView> {
  const opened = await browser.openFile(explainedCard(), { viewport: { width, height: 800 } });
  await opened.page.click('#tab-results');
  return opened;
}

const plain = (text: string): string => text.replace(/[\u2009\u202f\u00a0]/g, ' ').replace(/\s+/g, ' ');

describe('how a list is ranked', () => {
  it('shows the first ten with their parts and facts, the target marked', async () => {
    const { page, problems } = await openResults();
    const rows = page.locator('.ranked > li');
    expect(await rows.count()).toBe(10);
    expect(await page.locator('.ranked > .target').count()).toBe(1);
    expect(await rows.first().innerText()).toContain('came next');
    const [first] = EXPLAINED.queries[0]?.list ?? [];
    const drawn = rows.first().locator('rect');
    expect(await drawn.count()).toBe(first?.parts.length);
    expect(plain((await rows.first().locator('svg').getAttribute('aria-label')) ?? '')).toMatch(
      /^recency-encoder \+3.2, /,
    );
    expect(plain(await rows.nth(1).innerText())).toContain(
      'follows the last item 30 times · follows the last two items 3 times · same artist as 4 of the newest 30 items · in the list, 1 before the last; twice in all',
    );
    expect(problems).toEqual([]);
  });

  it('bars are drawn to one scale, from zero', async () => {
    const { page } = await openResults();
    const ends = await page.evaluate<number[]>(
      `[...document.querySelectorAll('.part-bar')].map((bar) => bar.querySelector('.zero').getBoundingClientRect().x)`,
    );
    expect(new Set(ends.map(Math.round)).size).toBe(1);
    const widths = await page.evaluate<number[]>(
      `[...document.querySelector('.part-bar').querySelectorAll('rect')].map((rect) => rect.getBoundingClientRect().width)`,
    );
    const parts = EXPLAINED.queries[0]?.list[0]?.parts ?? [];
    const unit = (widths[0] ?? 0) / (parts[0] ?? 1);
    widths.forEach((width, g) => expect(width / unit).toBeCloseTo(Math.abs(parts[g] ?? 0), 1));
  });

  it('a list is chosen by keyboard, and a target beyond the first ten stands below them', async () => {
    const { page } = await openResults();
    const list = page.getByRole('combobox', { name: 'List' });
    await list.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await list.inputValue()).toBe('2');
    expect(await page.locator('.asked').innerText()).toContain('at rank 23');
    const rows = page.locator('.ranked > li');
    expect(await rows.count()).toBe(11);
    expect(await rows.last().innerText()).toMatch(/^23\s/);
    expect(await rows.last().getAttribute('class')).toBe('target');
    await page.keyboard.press('ArrowDown');
    expect(await rows.last().innerText()).toContain('Filled in by popularity');
    expect(await page.locator('.ranked > .target').count()).toBe(0);
  });

  it('tells what parts carry over all lists, the largest first', async () => {
    const { page } = await openResults();
    const table = page.getByRole('table', { name: /What carries the first ten/ });
    expect(await table.getByRole('rowheader').allInnerTexts()).toEqual([
      ...['recency-encoder', 'in the list', 'n-gram', 'sequential-item-knn', 'session-knn', 'item', 'group'],
      'group-affinity',
    ]);
    const cells = await table.locator('tbody tr').first().locator('td').allInnerTexts();
    expect(cells.slice(0, 2).map(plain)).toEqual(['2.3', '36.7 %']);
  });

  it('has gates as small plots in the gate’s own unit', async () => {
    const { page } = await openResults();
    const plots = await page.evaluate<string[]>(
      `[...document.querySelectorAll('.gate-plot')].map((one) => one.ariaLabel)`,
    );
    expect(plots.map(plain)).toEqual([
      'in the list: newest is worth −0.79 where the newest item is a repeat is no, and 0.79 where it is yes.',
      'n-gram: share after two is worth 0.058 where n-gram: places of the last two items is 0, and 1 where it is 36.',
      'recency-encoder: log-probability is worth 2.7 where items in the list is 3, and 1.9 where it is 110.',
      'session-knn: log(1 + 30 P) is worth 0 where recency-encoder: highest probability is 7.4 %, and 0.4 where it is 54.9 %.',
      'item: log rows is worth 0.15 where a number of a later version is 0, and −0.21 where it is 6.',
      'group: that of the newest is worth 0.04 where share of repeats in the list is 0 %, and 0.28 where it is 60.0 %.',
    ]);
  });

  it.each([210, 3840])('fits into %i pixels, and hostile names are text', async (width) => {
    const { page, problems } = await openResults(width);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(await page.evaluate('globalThis.hacked')).toBeUndefined();
    expect(await page.locator('#root img').count()).toBe(0);
    expect(await page.locator('.ranked').innerText()).toContain('<img src=x');
    expect(problems).toEqual([]);
  });
});
