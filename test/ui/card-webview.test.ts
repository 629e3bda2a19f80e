import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cardPanel } from '../../src/protocol/panels/card.ts';
import { UserError } from '../../src/protocol/user-error.ts';
import { runningCard, syntheticCard } from '../fixtures/synthetic-card.ts';
import { PanelBrowser, until } from './panel-browser.ts';
import { THEMES } from './themes.ts';

let browser: PanelBrowser;
beforeAll(async () => (browser = await PanelBrowser.launch()));
afterAll(async () => browser.close());

const dark = THEMES.dark;

describe('the card in a webview', () => {
  it('says when it is ready, and draws what it is sent under a strict policy', async () => {
    const { page, host, posted, problems, requests } = await browser.openCard(dark);
    expect(posted).toEqual([{ type: 'ready', version: 1 }]);
    host.send('card', syntheticCard());
    await page.waitForSelector('#metric-table');
    for (const tab of ['training', 'data', 'run', 'results']) await page.click(`#tab-${tab}`);
    expect(await page.evaluate('violations')).toEqual([]);
    expect(problems).toEqual([]);
    expect(requests).toEqual([]);
  });

  it.each([
    ['light', 'rgb(255, 255, 255)', 'light'],
    ['dark', 'rgb(31, 31, 31)', 'dark'],
    ['high contrast', 'rgb(0, 0, 0)', 'dark'],
    ['high contrast light', 'rgb(255, 255, 255)', 'light'],
  ] as const)(
    'takes the colours of the theme, whatever the system prefers: %s',
    async (name, background, scheme) => {
      const other = scheme === 'light' ? 'dark' : 'light';
      const { page, host } = await browser.openCard(THEMES[name], { colorScheme: other });
      host.send('card', syntheticCard());
      await page.waitForSelector('#metric-table');
      expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(background);
      expect(await page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe(scheme);
    },
  );

  it('draws lines in high contrast', async () => {
    const { page, host } = await browser.openCard(THEMES['high contrast']);
    host.send('card', syntheticCard());
    await page.waitForSelector('#metric-table');
    expect(await page.evaluate(`getComputedStyle(document.querySelector('td')).borderBottomColor`)).toBe(
      'rgb(111, 195, 223)',
    );
  });

  it('keeps focus, scroll, choices and open details while data stream in', async () => {
    const { page, host } = await browser.openCard(dark, { viewport: { width: 700, height: 400 } });
    host.send('card', runningCard(6));
    await page.waitForSelector('#loss-table');
    await page.click('#tab-run');
    await page.click('[data-details=artifacts] > summary');
    await page.evaluate(
      `document.querySelector('[data-details=artifacts] > summary').focus(); scrollTo(0, 300)`,
    );
    const before = await page.evaluate<number>('scrollY');
    await page.evaluate(`globalThis.kept = document.activeElement`);
    host.send('card', runningCard(7));
    await until(() =>
      page.evaluate<boolean>(`document.querySelector('#loss-table').textContent.includes('7')`),
    );
    expect(before).toBeGreaterThan(0);
    expect(await page.evaluate('scrollY')).toBe(before);
    expect(await page.evaluate('document.activeElement === kept && kept.isConnected')).toBe(true);
    expect(await page.locator('#artifact-table').isVisible()).toBe(true);
    expect(await page.getAttribute('#tab-run', 'aria-selected')).toBe('true');
  });

  it('draws curves on as they grow, and does not draw again what is the same', async () => {
    const { page, host } = await browser.openCard(dark);
    const curve = (): Promise<string> =>
      page.evaluate<string>(
        `document.querySelector('#panel-training svg.plot [aria-label=line] path').getAttribute('d')`,
      );
    host.send('card', runningCard(6));
    await page.waitForSelector('#panel-training svg.plot');
    const six = await curve();
    await page.evaluate(`globalThis.drawn = document.querySelector('svg.plot')`);
    // Another name, the same curves: the name tells when it has been drawn.
    const renamed = runningCard(6);
    host.send('card', {
      ...renamed,
      run: { ...renamed.run, labels: { ...renamed.run.labels, name: 'other' } },
    });
    await page.locator('h1', { hasText: 'other' }).waitFor();
    expect(await page.evaluate(`drawn.isConnected`)).toBe(true);
    host.send('card', runningCard(9));
    await until(() => page.evaluate<boolean>(`!drawn.isConnected`));
    expect(await curve()).not.toBe(six);
  });

  it('goes on to the results by itself when nobody chose a tab', async () => {
    const { page, host } = await browser.openCard(dark);
    host.send('card', runningCard());
    await page.waitForSelector('#tab-training[aria-selected=true]');
    host.send('card', syntheticCard());
    await page.waitForSelector('#tab-results[aria-selected=true]');
    expect(await page.locator('#metric-table').isVisible()).toBe(true);
  });

  it('is restored after a reload', async () => {
    const { page, host } = await browser.openCard(dark);
    host.send('card', syntheticCard());
    await page.waitForSelector('#metric-table');
    await page.getByLabel('Validation', { exact: true }).check();
    await page.click('[data-details=formulas] > summary');
    await page.reload();
    host.send('card', syntheticCard());
    await page.waitForSelector('#metric-table');
    expect(await page.locator('#metric-table caption').textContent()).toContain('validation');
    expect(await page.locator('.formulas').isVisible()).toBe(true);
  });

  it('asks for what its buttons say, and says what could not be done', async () => {
    const asked: unknown[] = [];
    const note =
      (method: string) =>
      (params: unknown): null => {
        asked.push([method, params]);
        return null;
      };
    const handlers = {
      cancelRun: note('cancelRun'),
      copyCommand: note('copyCommand'),
      openLog: note('openLog'),
      resumeRun: () => Promise.reject(new UserError('The data are gone.', 'Bring them back.')),
    };
    const { page, host } = await browser.openCard(dark, {}, handlers);
    host.send('card', runningCard());
    await page.click('text=Cancel Run');
    await page.click('#tab-run');
    await page.click('#copy-command');
    await page.click('[data-step] >> nth=1');
    host.send('card', { ...runningCard(), run: { ...runningCard().run, state: 'interrupted' } });
    await page.click('text=Resume Run');
    await page.waitForSelector('[role=alert]');
    expect(await page.locator('[role=alert]').innerText()).toBe('The data are gone.\n\nBring them back.');
    expect(asked).toEqual([
      ['cancelRun', {}],
      ['copyCommand', {}],
      ['openLog', { path: 'train/recency-encoder' }],
    ]);
  });

  it('offers to train the best model on everything, until that is done, and says so then', async () => {
    const asked: unknown[] = [];
    const trainOnEverything = (params: unknown): null => {
      asked.push(params);
      return null;
    };
    const { page, host } = await browser.openCard(dark, {}, { trainOnEverything });
    const card = syntheticCard();
    const run = { ...card.run, state: 'succeeded' as const, best: 'stack' };
    host.send('card', { ...card, run });
    await page.click('text=Train on Everything…');
    await expect.poll(() => asked).toEqual([{}]);
    host.send('card', { ...card, run: { ...run, everything: ['stack'] } });
    await page.waitForSelector('text=stack is trained on everything too, for use');
    expect(await page.locator('text=Train on Everything…').count()).toBe(0);
  });

  it('speaks the language that the extension gives it', async () => {
    const strings = { ...cardPanel.strings, results: 'Ergebnisse', openLogOf: 'Protokoll von {0} öffnen' };
    const { page, host } = await browser.openPanel({
      view: browser.card,
      contract: cardPanel,
      key: 'run',
      strings,
    });
    host.send('card', syntheticCard());
    await page.getByRole('tab', { name: 'Ergebnisse' }).waitFor();
    await page.click('#tab-run');
    await page.getByRole('button', { name: 'Protokoll von prepare öffnen' }).waitFor();
  });

  it('says what failed, keeps the last card, and takes the message away with the next data', async () => {
    const { page, host } = await browser.openCard(dark);
    host.send('card', syntheticCard());
    await page.waitForSelector('#metric-table');
    host.send('failed', { message: 'The run <b>is gone</b>.', hint: 'Refresh the tree.' });
    await page.waitForSelector('[role=alert]');
    expect(await page.locator('[role=alert]').textContent()).toContain('<b>is gone</b>');
    expect(await page.locator('#metric-table').isVisible()).toBe(true);
    host.send('card', syntheticCard());
    await page.waitForSelector('[role=alert]', { state: 'detached' });
  });

  it('shows nothing of messages that are not its own, and says so', async () => {
    const { page, problems, deliver, warnings } = await browser.openCard(dark);
    await deliver({ type: 'event', name: 'card', payload: { run: '<img src=x>' } });
    await deliver('hello');
    await until(() => warnings.length === 2);
    expect(warnings[0]).toContain('not a payload of card');
    expect(warnings[1]).toContain('not a message of the panel');
    expect(await page.locator('#card').count()).toBe(0);
    expect(problems).toEqual([]);
  });
});
