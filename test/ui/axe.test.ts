import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CardData } from '../../src/protocol/run-view.ts';
import { runningCard, syntheticCard } from '../fixtures/synthetic-card.ts';
import { addedSectionsCard, sectionsCard } from '../fixtures/synthetic-sections.ts';
import { runningTuningCard, tuningCard } from '../fixtures/synthetic-tuning.ts';
import { PanelBrowser, axeViolations, changeTheme, until } from './panel-browser.ts';
import { THEMES } from './themes.ts';

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

/** Every rule in one theme; in the others those of colours, which are all that a theme changes. */
async function violationsInEveryTheme(page: Page): Promise<string[]> {
  const found = await axeViolations(page);
  for (const [name, theme] of Object.entries(THEMES).slice(1)) {
    await changeTheme(page, theme);
    const colours = await axeViolations(page, ['color-contrast']);
    found.push(...colours.map((violation) => `${name}: ${violation}`));
  }
  await changeTheme(page, THEMES.light);
  return found;
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
        found.push(...(await violationsInEveryTheme(page)).map((violation) => `${label}: ${violation}`));
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
