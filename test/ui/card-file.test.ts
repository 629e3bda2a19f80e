import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostileCard, runningCard, STACK, syntheticCard } from '../fixtures/synthetic-card.ts';
import { PanelBrowser } from './panel-browser.ts';
import type { OpenView } from './panel-browser.ts';

let browser: PanelBrowser;
beforeAll(async () => (browser = await PanelBrowser.launch()));
afterAll(async () => browser.close());

const TABS = ['results', 'training', 'data', 'run'];

async function showEveryTab(page: Page, look: (tab: string) => Promise<void>): Promise<void> {
  for (const tab of TABS) {
    await page.click(`#tab-${tab}`);
    await look(tab);
  }
}

async function expectClean({ page, problems, requests }: OpenView): Promise<void> {
  expect(problems).toEqual([]);
  expect(requests).toEqual([]);
  expect(await page.evaluate('violations')).toEqual([]);
}

/** Contrast (WCAG 2) of an element's text with the page. */
function contrastOf(page: Page, selector: string): Promise<number> {
  return page.evaluate<number>(`(() => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d');
    const luminance = (colour) => {
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const pair = [luminance(getComputedStyle(document.querySelector(${JSON.stringify(selector)})).color), luminance(getComputedStyle(document.body).backgroundColor)];
    return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
  })()`);
}

describe('the card as a file of its own', () => {
  it.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['forced colours', { forcedColors: 'active' }],
    ['no motion', { reducedMotion: 'reduce' }],
  ] as const)('shows every part without complaint: %s', async (_, options) => {
    const opened = await browser.openFile(syntheticCard(), options);
    const { page } = opened;
    await showEveryTab(page, async (tab) => {
      expect(await page.locator(`#panel-${tab} section`).count()).toBeGreaterThan(0);
      for (const place of await page.locator(`#panel-${tab} [role=img]`).all()) {
        if (await place.isVisible()) expect(await place.locator('svg').count()).toBe(1);
      }
    });
    await expectClean(opened);
  });

  it.each([
    ['light', '.intro'],
    ['dark', '.intro'],
    ['light', '.interval'],
    ['dark', '.best-mark'],
  ] as const)('can be read: %s, %s', async (colorScheme, selector) => {
    const { page } = await browser.openFile(syntheticCard(), { colorScheme });
    expect(await contrastOf(page, selector)).toBeGreaterThan(4.5);
  });

  it('differs between light and dark', async () => {
    const background = async (colorScheme: 'light' | 'dark'): Promise<string> => {
      const { page } = await browser.openFile(syntheticCard(), { colorScheme });
      return page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    };
    expect(await background('light')).not.toBe(await background('dark'));
  });

  it.each([300, 480, 900, 1240, 1600])('never scrolls sideways at %d pixels', async (width) => {
    const { page } = await browser.openFile(syntheticCard(), { viewport: { width, height: 800 } });
    await page.getByLabel('All metrics').check();
    await showEveryTab(page, async (tab) => {
      await page.waitForTimeout(50);
      expect(
        await page.evaluate('document.documentElement.scrollWidth - innerWidth'),
        tab,
      ).toBeLessThanOrEqual(0);
    });
  });

  it('gives tables captions and scopes, and plots a text', async () => {
    const { page } = await browser.openFile(syntheticCard());
    const missing = await page.evaluate(`[
      ...[...document.querySelectorAll('table')].filter((table) => !table.caption?.textContent).map(() => 'caption'),
      ...[...document.querySelectorAll('th')].filter((cell) => !cell.scope).map((cell) => 'scope of ' + cell.textContent),
      ...[...document.querySelectorAll('[role=img]')].filter((plot) => !plot.ariaLabel?.match(/\\d/)).map(() => 'text of a plot'),
    ]`);
    expect(missing).toEqual([]);
    expect(await page.locator('[role=img]').count()).toBe(7);
  });

  it('marks the best of a column in words too', async () => {
    const { page } = await browser.openFile(syntheticCard());
    const row = page.locator('#metric-table tbody tr').first();
    expect(await row.locator('th').textContent()).toContain('blend');
    expect(await row.locator('td').first().textContent()).toContain('(best)');
  });

  it('shows what each part adds to a blend', async () => {
    const { page } = await browser.openFile(syntheticCard());
    const rows = await page.locator('#blend-table tbody tr').allInnerTexts();
    expect(rows.map((text) => text.trim().split(/\s+/))).toEqual([
      ['recency-encoder', '1', '.1702', '.1581', '+.0220'],
      ['sequential-item-knn', '0.35', '.1544', '.1734', '+.0067'],
      ['blend', '.1801'],
    ]);
    const section = page.locator('section', { has: page.locator('#blend-table') });
    expect(await section.innerText()).toMatch(/NDCG@100 on the 3,000 validation queries/);
    expect(await section.innerText()).toMatch(/0\.1 times the recency prior/);
  });

  it('shows the members of a blend that could not be measured', async () => {
    const card = syntheticCard();
    const blend = card.report?.models.find((model) => model.kind === 'blend');
    if (blend === undefined) throw new Error('the synthetic card has a blend');
    blend.blend = { members: [{ name: 'markov', kind: 'markov', weight: -2 }], priorWeight: 0 };
    const { page } = await browser.openFile(card);
    const rows = await page.locator('#blend-table tbody tr').allInnerTexts();
    expect(rows.map((text) => text.trim().split(/\s+/))).toEqual([['markov', '−2']]);
  });

  it('shows what a stack weighs, and by what that was chosen', async () => {
    const card = syntheticCard();
    const model = card.report?.models.find(({ kind }) => kind === 'blend');
    if (model === undefined) throw new Error('the synthetic card has a blend');
    delete model.blend;
    model.stack = STACK;
    const opened = await browser.openFile(card);
    const { page } = opened;
    const cells = async (table: string): Promise<string[][]> => {
      const rows = await page.locator(`${table} tbody tr`).all();
      return Promise.all(rows.map((row) => row.locator('th, td').allInnerTexts()));
    };
    expect(await cells('#stack-stages')).toEqual([
      ['scores of the models alone', '.1802'],
      ['all features, by all gates (kept)', '.1911'],
    ]);
    expect(await cells('#stack-features')).toEqual([
      ['recency-encoder: log-probability', '2.3', 'log length −0.21 · single item +0.1'],
      ['item: log rows', '−0.034', '–'],
    ]);
    const section = page.locator('section', { has: page.locator('#stack-features') });
    expect(await section.innerText()).toMatch(/The 100 best items of each of recency-encoder, session-knn/);
    expect(await section.innerText()).toMatch(/on 3,000 validation queries; of 70.0 % the target/);
    await expectClean(opened);
  });

  it('shows a stack whose weights could not be fitted', async () => {
    const card = syntheticCard();
    const model = card.report?.models.find(({ kind }) => kind === 'blend');
    if (model === undefined) throw new Error('the synthetic card has a blend');
    const { chosen: _, ...start } = STACK;
    model.stack = start;
    const { page } = await browser.openFile(card);
    const section = page.locator('section', { has: page.locator('#stack-features') });
    expect(await section.innerText()).toMatch(/There were no validation queries/);
    expect(await page.locator('#stack-stages').count()).toBe(0);
  });

  it('draws losses of different kinds each on its own scale, with one legend', async () => {
    const { page } = await browser.openFile(syntheticCard());
    await page.click('#tab-training');
    const curves = (chart: string) => page.locator(`[data-chart="${chart}"]`).getAttribute('aria-label');
    expect(await curves('loss')).toMatch(/: recency-encoder from [\d.]+ to [\d.]+ at epoch 12\.$/);
    expect(await curves('loss-prod2vec')).toMatch(/: prod2vec-min-count-3 .* at epoch 30\.$/);
    expect(await curves('validation')).toContain('recency-encoder');
    expect(await page.locator('#loss-table tbody tr').count()).toBe(4);
    expect(await page.locator('#validation-table tbody tr').count()).toBe(1);
  });

  it('tells the second training of a model from its first', async () => {
    const card = syntheticCard();
    const losses = { ...card.losses, 'refit/recency-encoder': card.losses['train/recency-encoder'] ?? [] };
    const { page } = await browser.openFile({ ...card, losses });
    await page.click('#tab-training');
    const heads = await page.locator('#loss-table tbody tr th').allInnerTexts();
    expect(heads.filter((text) => text.includes('recency-encoder'))).toEqual([
      'recency-encoder',
      'recency-encoder, again',
    ]);
  });

  it('says how columns were read and which rows were left out', async () => {
    const { page } = await browser.openFile(syntheticCard());
    await page.click('#tab-data');
    const section = page.locator('section', {
      has: page.locator('h2', { hasText: 'How columns were read' }),
    });
    expect(await section.locator('li').allInnerTexts()).toEqual([
      '‘added_at’ is read as times of the form 31/12/2024 23:59.',
    ]);
    const left = page.locator('dl.facts > div', { hasText: 'Left out' });
    expect(await left.allInnerTexts()).toEqual([expect.stringMatching(/no item\s+9/)]);
  });

  it('says so where all sequences are equally long, instead of plotting one bar', async () => {
    const card = syntheticCard();
    const { profile } = card;
    if (profile === undefined) throw new Error('the synthetic card has a profile');
    const length = {
      min: 5,
      max: 5,
      mean: 5,
      median: 5,
      p90: 5,
      histogram: [{ from: 5, to: 6, count: 412 }],
    };
    const equal = { ...card, profile: { ...profile, length: { ...profile.length, ...length } } };
    const { page } = await browser.openFile(equal);
    await page.click('#tab-data');
    expect(await page.locator('#panel-data').innerText()).toContain('Every sequence has 5 items');
    expect(await page.locator('[data-chart=length]').count()).toBe(0);
  });

  it('shows the figures of the chosen split', async () => {
    const { page } = await browser.openFile(syntheticCard());
    const cell = page.locator('#metric-table tbody tr').first().locator('.value').first();
    const test = await cell.textContent();
    await page.getByLabel('Validation', { exact: true }).check();
    expect(await cell.textContent()).not.toBe(test);
    expect(await page.locator('#metric-table caption').textContent()).toContain('validation');
  });

  it('says in its head what the test part says, by the metric a person chooses', async () => {
    const { page } = await browser.openFile(syntheticCard());
    const verdict = page.locator('.verdict');
    expect(await verdict.textContent()).toMatch(/^blend is above recency-encoder/);
    await page.locator('.answer select').selectOption('ndcg@10');
    expect(await verdict.textContent()).toMatch(/^recency-encoder and blend tie/);
    expect(await page.locator('.tile-value').first().textContent()).toBe('recency-encoder');
    expect(await page.locator('#metric-table th[aria-sort=descending]').textContent()).toMatch(/^NDCG@10/);
  });

  it('remembers the open tab over a reload', async () => {
    const { page } = await browser.openFile(syntheticCard());
    await page.click('#tab-data');
    await page.reload();
    expect(await page.getAttribute('#tab-data', 'aria-selected')).toBe('true');
    expect(await page.locator('#panel-data').isVisible()).toBe(true);
  });

  it('copies the command', async () => {
    const { page } = await browser.openFile(syntheticCard(), {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.click('#tab-run');
    await page.click('#copy-command');
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(syntheticCard().command);
  });

  it('opens on the training of a run that still trains', async () => {
    const opened = await browser.openFile(runningCard());
    expect(await opened.page.getAttribute('#tab-training', 'aria-selected')).toBe('true');
    expect(await opened.page.locator('#panel-training .plot path').count()).toBeGreaterThanOrEqual(3);
    await expectClean(opened);
  });

  it('says what is wrong when its data are damaged', async () => {
    const broken = await browser.openFile(syntheticCard(), {}, (html) =>
      html.replace('"losses":{', '"lost":{'),
    );
    expect(await broken.page.locator('[role=alert]').textContent()).toContain('cannot be read');
  });
});

describe('hostile names', () => {
  it('are text, everywhere', async () => {
    const opened = await browser.openFile(hostileCard());
    const { page } = opened;
    await showEveryTab(page, async () => page.waitForTimeout(50));
    expect(await page.evaluate('globalThis.hacked')).toBeUndefined();
    expect(await page.evaluate(`document.querySelectorAll('script').length`)).toBe(2);
    expect(
      await page.evaluate(
        `document.querySelectorAll('a, iframe, object, embed, form, #root img, #root style, #root script').length`,
      ),
    ).toBe(0);
    await page.click('#tab-data');
    expect(await page.locator('#table-top-items').textContent()).toContain(
      '<script>globalThis.hacked = true</script>',
    );
    expect(await page.locator('#table-top-items').textContent()).toContain(
      '[click](command:workbench.action.quit)',
    );
    expect(await page.locator('h1').textContent()).toContain('<script>');
    await expectClean(opened);
  });

  it('do not stretch or flood the page', async () => {
    const { page } = await browser.openFile(hostileCard(), { viewport: { width: 600, height: 800 } });
    await page.click('#tab-data');
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(await page.evaluate(`document.querySelector('#card').outerHTML.length`)).toBeLessThan(400_000);
  });
});

describe('the keyboard', () => {
  it('moves between tabs by arrows, Home and End', async () => {
    const { page } = await browser.openFile(syntheticCard());
    await page.focus('#tab-results');
    const selected = async (key: string): Promise<string | null> => {
      await page.keyboard.press(key);
      return page.evaluate<string | null>(
        `document.activeElement.getAttribute('aria-selected') === 'true' ? document.activeElement.id : null`,
      );
    };
    expect(await selected('ArrowRight')).toBe('tab-training');
    expect(await selected('End')).toBe('tab-run');
    expect(await selected('ArrowRight')).toBe('tab-results');
    expect(await selected('ArrowLeft')).toBe('tab-run');
    expect(await selected('Home')).toBe('tab-results');
  });

  it('sorts, switches and opens, and the focus stays where it was', async () => {
    const { page } = await browser.openFile(syntheticCard());
    await page.focus('#metric-table [data-column=model]');
    await page.keyboard.press('Enter');
    expect(await page.getAttribute('#metric-table th:first-child', 'aria-sort')).toBe('ascending');
    expect(await page.locator('#metric-table tbody th').first().textContent()).toContain('artist-popularity');
    expect(await page.evaluate(`document.activeElement.dataset.column`)).toBe('model');
    await page.keyboard.press('Enter');
    expect(await page.getAttribute('#metric-table th:first-child', 'aria-sort')).toBe('descending');

    await page.focus('input[name=split]:checked');
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('#metric-table caption').textContent()).toContain('validation');

    await page.focus('[data-details=formulas] > summary');
    await page.keyboard.press('Enter');
    expect(await page.locator('.formulas').isVisible()).toBe(true);
  });

  it('shows where it is', async () => {
    const { page } = await browser.openFile(syntheticCard());
    const hidden: string[] = [];
    for (let stop = 0; stop < 14; stop += 1) {
      await page.keyboard.press('Tab');
      const outline = await page.evaluate<string>(`(() => {
        const focused = document.activeElement;
        const shown = focused.matches('.segmented input') ? focused.nextElementSibling : focused;
        const style = getComputedStyle(shown);
        return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 ? '' : focused.outerHTML.slice(0, 80);
      })()`);
      if (outline !== '') hidden.push(outline);
    }
    expect(hidden).toEqual([]);
  });
});
