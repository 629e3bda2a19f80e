import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CardData } from '../../src/protocol/run-view.ts';
import { runningCard, syntheticCard } from '../fixtures/synthetic-card.ts';
import { explorerPanel } from '../../src/protocol/panels/explorer.ts';
import { explainedCard } from '../fixtures/synthetic-explained.ts';
import { explorerAnswers, explorerRuns, nameOf } from '../fixtures/synthetic-explorer.ts';
import { addedSectionsCard, sectionsCard } from '../fixtures/synthetic-sections.ts';
import { runningTuningCard, tuningCard } from '../fixtures/synthetic-tuning.ts';
import { syntheticMap } from '../fixtures/synthetic-map.ts';
import { mapPanel } from '../../src/protocol/panels/map.ts';
import { violationsInEveryTheme } from './every-theme.ts';
import { PanelBrowser, axeViolations, until } from './panel-browser.ts';
import type { PanelOptions } from './panel-browser.ts';
import { THEMES } from './themes.ts';
import { buildView } from './view-bundle.ts';

let browser: PanelBrowser;
beforeAll(async () => (browser = await PanelBrowser.launch()));
afterAll(async () => browser.close());

function failedCard(): CardData {
  const { report: _, ...card } = syntheticCard();
  const failure = { message: 'The training ran out of memory.', hint: 'Lower --vector-size.' };
  return { ...card, run: { ...card.run, state: 'failed', failure } };
}

/** Cards, and of each the tabs that differ from those of the finished one. */
const CARDS = {
  finished: { card: syntheticCard, tabs: ['Results', 'Training', 'Data', 'Run'] },
  'explained lists': { card: explainedCard, tabs: ['Results'] },
  running: { card: runningCard, tabs: ['Results', 'Training', 'Run'] },
  failed: { card: failedCard, tabs: ['Results', 'Run'] },
  tuning: { card: tuningCard, tabs: ['Tuning'] },
  'running tuning': { card: () => runningTuningCard(7), tabs: ['Tuning', 'Run'] },
  'sections of a flow': { card: sectionsCard, tabs: ['Intent'] },
  'sections beside its own': { card: addedSectionsCard, tabs: [/globalThis\.hacked/] },
} as const;
const SIZES = { narrow: { width: 210, height: 700 }, wide: { width: 3840, height: 2160 } } as const;
const cases = (['narrow', 'wide'] as const).flatMap((size) =>
  (Object.keys(CARDS) as (keyof typeof CARDS)[]).map((card) => [card, size] as const),
);
const CHARTS_DRAWN = `[...document.querySelectorAll('.chart-place')].every((place) => place.clientWidth === 0 || place.firstChild !== null)`;

/** Cards that have all that a wide page shows in another way than a narrow one. */
const LOOKED_AT_WIDE: readonly (keyof typeof CARDS)[] = ['finished', 'explained lists'];

/** Colours are the same however wide a page is. */
async function violationsWhereWide(page: Page, card: keyof typeof CARDS): Promise<string[]> {
  return LOOKED_AT_WIDE.includes(card) ? axeViolations(page) : [];
}

describe('every tab can be used by everyone', () => {
  it.each(cases)(
    '%s, %s',
    async (card, size) => {
      const { page, host, problems } = await browser.openCard(THEMES.light, { viewport: SIZES[size] });
      host.send('card', CARDS[card].card());
      await page.locator('#card').waitFor();
      const found: string[] = [];
      for (const name of CARDS[card].tabs) {
        const tab = page.getByRole('tab', { name });
        await tab.click();
        // Details hold tables that are to be looked at too.
        await page.evaluate(
          `document.querySelectorAll('[role=tabpanel]:not([hidden]) details').forEach((details) => (details.open = true))`,
        );
        await until(() => page.evaluate<boolean>(CHARTS_DRAWN));
        const label = await tab.innerText();
        const violations = await (size === 'narrow'
          ? violationsInEveryTheme(page)
          : violationsWhereWide(page, card));
        found.push(...violations.map((violation) => `${label}: ${violation}`));
        expect(
          await page.evaluate('document.documentElement.scrollWidth - innerWidth'),
          label,
        ).toBeLessThanOrEqual(0);
      }
      expect(found).toEqual([]);
      expect(problems).toEqual([]);
    },
    240_000,
  );
});

describe('every part of the explorer can be used by everyone', () => {
  it.each(['narrow', 'wide'] as const)(
    '%s',
    async (size) => {
      const view = await buildView('explorer');
      // A few of each are as good as many, and looked at sooner.
      const few = {
        list: (asked: Parameters<typeof explorerAnswers.list>[0]) => explorerAnswers.list({ ...asked, k: 9 }),
        queries: (asked: Parameters<typeof explorerAnswers.queries>[0]) =>
          explorerAnswers.queries({ ...asked, limit: 2 }),
        sequences: (asked: Parameters<typeof explorerAnswers.sequences>[0]) =>
          explorerAnswers.sequences({ ...asked, limit: 2 }),
      };
      const handlers = { ...explorerAnswers, ...few } as NonNullable<PanelOptions['handlers']>;
      const { page, host, problems } = await browser.openPanel(
        { view, contract: explorerPanel, key: '/store', theme: THEMES.light, handlers },
        { viewport: SIZES[size] },
      );
      const found: string[] = [];
      const look = async (part: string): Promise<void> => {
        found.push(...(await violationsInEveryTheme(page)).map((violation) => `${part}: ${violation}`));
        expect(
          await page.evaluate('document.documentElement.scrollWidth - innerWidth'),
          part,
        ).toBeLessThanOrEqual(0);
      };
      host.send('runs', explorerRuns);
      await look('start');
      host.send('show', { item: nameOf(1) });
      host.send('show', { item: nameOf(3) });
      await page.locator('.cards li').first().waitFor();
      await page.getByRole('combobox', { name: 'Find an item' }).fill('a');
      await page.locator('.found [role=option]').first().waitFor();
      await look('item, searching');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Compare with a model…' }).click();
      await page.locator('.ranked-list').nth(1).waitFor();
      await look('item, two models');
      host.send('show', { items: Array.from({ length: 9 }, (_, code) => nameOf(code)) });
      await page.getByRole('button', { name: /^Why/ }).first().click();
      await page.locator('.without').first().waitFor();
      await page
        .getByRole('button', { name: /^Leave out/ })
        .first()
        .click();
      await look('list');
      await page.locator('#tab-queries').click();
      await page.locator('.query').nth(1).waitFor();
      await look('queries');
      expect(found).toEqual([]);
      expect(problems).toEqual([]);
    },
    240_000,
  );
});

describe('the map can be used by everyone', () => {
  it.each(['narrow', 'wide'] as const)('%s', async (size) => {
    const view = await buildView('map');
    const { items, clusters, picture } = syntheticMap();
    const { page, host, problems } = await browser.openPanel(
      {
        ...{ view, contract: mapPanel, key: { run: 'run' }, theme: THEMES.light },
        handlers: { start: () => null, neighbours: () => ({ items: [1001, 1002], scores: [0.9, 0.8] }) },
      },
      { viewport: SIZES[size] },
    );
    host.send('items', items);
    host.send('clusters', clusters);
    host.send('progress', { method: 'umap', stage: 'settling', epoch: 20, epochs: 500 });
    host.send('picture', { ...picture, stage: 'settling', epoch: 20, epochs: 500 });
    await page.locator('#map-in-view .item-button').first().click();
    await page.locator('#map-kept').waitFor();
    await page.getByRole('searchbox').fill('track 1');
    await page.locator('#map-selection .item-button').first().waitFor();
    expect(await violationsInEveryTheme(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(problems).toEqual([]);
  });
});
